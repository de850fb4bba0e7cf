from .messenger import (
    Abilities,
    Account,
    Blocked,
    Health,
    Messenger,
    Option,
    OutsideWindow,
    Refused,
    Sent,
    Unavailable,
    Wait,
)
from .telegram import Telegram
from .viber import Viber
from .whatsapp import WhatsApp

#: The messengers that come with the add-on, in the order they are offered.
MESSENGERS = (Telegram, WhatsApp, Viber)
