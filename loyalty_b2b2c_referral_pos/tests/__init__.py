from . import test_recommended_hooks
from . import test_recommended_till
