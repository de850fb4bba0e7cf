from .messages import (
    KINDS,
    Attachment,
    Button,
    File,
    GoOn,
    Incoming,
    Outgoing,
    Reply,
)
