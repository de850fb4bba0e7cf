from . import webhook
from . import portal_chats
