from . import b2b2c_reward
from . import b2b2c_reward_handler_coupon
from . import b2b2c_redemption
from . import loyalty_card
from . import loyalty_card_kept
from . import loyalty_card_withdrawal
from . import sale_order
from . import b2b2c_member
