from . import test_redemption
