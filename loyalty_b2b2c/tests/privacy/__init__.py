from . import test_privacy
from . import test_privacy_fields
from . import test_privacy_lookup
