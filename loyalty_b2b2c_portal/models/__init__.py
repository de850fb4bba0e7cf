from . import b2b2c_account
from . import b2b2c_ledger_entry
from . import b2b2c_member
from . import b2b2c_member_goods
from . import b2b2c_member_preferences
from . import b2b2c_member_scan
from . import b2b2c_member_shop
from . import b2b2c_notification
