from . import b2b2c_enroll, b2b2c_preview, b2b2c_entry_reverse, b2b2c_account_transfer
from . import b2b2c_report_import
from . import b2b2c_terminal_cancel
from . import base_partner_merge
from . import b2b2c_erase, b2b2c_event_ignore, b2b2c_member_move, b2b2c_why
from . import sale_order_discount
from . import b2b2c_ladder_why
from . import b2b2c_code_print
from . import b2b2c_receipt_refuse
from . import b2b2c_redemption_refuse
