from . import test_pos_dealer
from . import test_pos_order
