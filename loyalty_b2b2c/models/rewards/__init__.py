from . import b2b2c_reward_handler
from . import b2b2c_reward_handler_manual
from . import b2b2c_reward_role
from . import b2b2c_reward
from . import b2b2c_reward_offer
from . import b2b2c_redemption
from . import b2b2c_member
