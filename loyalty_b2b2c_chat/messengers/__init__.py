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

#: The messengers that come with the add-on, in the order they are offered.
MESSENGERS = (Telegram,)
