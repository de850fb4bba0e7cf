from . import test_payout_passkey
