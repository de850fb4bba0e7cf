from . import test_bad_moments
from . import test_cart
from . import test_whole_way
