from . import join_chat
from . import webhook
from . import portal_chats
from . import scan_page
