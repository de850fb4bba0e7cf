from . import b2b2c_cause
from . import b2b2c_reward_handler_donation
from . import b2b2c_reward_handler_transfer
from . import b2b2c_redemption
from . import b2b2c_notification_kind
from . import b2b2c_member
