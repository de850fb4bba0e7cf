from . import b2b2c_chat_channel
from . import b2b2c_chat_option
from . import b2b2c_chat_pace
from . import b2b2c_chat_link
from . import b2b2c_chat_dialog
from . import b2b2c_chat_inbox
from . import b2b2c_chat_outbox
from . import b2b2c_channel_chat
