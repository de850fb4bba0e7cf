from . import test_referral_discount
