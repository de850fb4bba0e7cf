from . import test_catalogue
from . import test_prices
from . import test_redemption
from . import test_redemption_parts
from . import test_reward_desk
from . import test_reward_handler
from . import test_reward_roles
