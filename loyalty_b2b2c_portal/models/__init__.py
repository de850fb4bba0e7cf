from . import b2b2c_ledger_entry
from . import b2b2c_member
from . import b2b2c_member_preferences
from . import b2b2c_member_store
from . import b2b2c_notification
from . import res_company
