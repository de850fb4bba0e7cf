from . import test_chat_dialog
from . import test_chat_portal
from . import test_chat_rewards
from . import test_chat_queues
from . import test_chat_broadcast
from . import test_chat_messengers
from . import test_chat_office
from . import test_chat_telegram
