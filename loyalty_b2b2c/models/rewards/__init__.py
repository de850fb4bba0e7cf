from . import b2b2c_reward
from . import b2b2c_reward_offer
from . import b2b2c_redemption
from . import b2b2c_member
