from . import b2b2c_channel_page
from . import b2b2c_ledger_entry
from . import b2b2c_member
from . import ir_http
from . import res_company
