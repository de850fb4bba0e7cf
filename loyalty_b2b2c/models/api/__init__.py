from . import b2b2c_api_key
from . import b2b2c_api_key_show
from . import b2b2c_api_window
from . import b2b2c_api_answer
from . import b2b2c_ledger_entry
from . import ir_http
from . import b2b2c_member
