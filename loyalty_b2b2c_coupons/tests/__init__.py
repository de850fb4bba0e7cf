from . import test_coupon_attacks
from . import test_coupons
