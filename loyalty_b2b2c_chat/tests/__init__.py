from . import test_chat_dialog
from . import test_chat_portal
from . import test_chat_rewards
from . import test_chat_queues
