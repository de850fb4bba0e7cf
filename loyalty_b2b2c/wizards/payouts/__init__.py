from . import b2b2c_payout_pay
from . import b2b2c_payout_reason
from . import b2b2c_payout_answer
