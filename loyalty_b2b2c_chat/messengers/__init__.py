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

#: The messengers that come with the add-on, in the order they are offered.
MESSENGERS = ()
