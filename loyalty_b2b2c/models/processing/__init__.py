from . import b2b2c_member
from . import b2b2c_event
from . import b2b2c_source
from . import b2b2c_document
from . import b2b2c_ledger_entry
from . import b2b2c_program
from . import b2b2c_account
from . import b2b2c_earning_rule
