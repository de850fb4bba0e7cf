from . import test_passkey_browser
from . import test_payout_passkey
