from . import b2b2c_account_transfer
from . import b2b2c_entry_reverse
from . import b2b2c_member_move
