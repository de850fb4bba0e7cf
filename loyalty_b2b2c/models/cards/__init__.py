from . import b2b2c_card_code
from . import b2b2c_late_ticket
from . import b2b2c_member
from . import b2b2c_notification_kind
