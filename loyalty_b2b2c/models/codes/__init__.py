from . import b2b2c_code_batch
from . import b2b2c_code_making
from . import b2b2c_code_import
from . import b2b2c_code
from . import b2b2c_code_shipping
from . import b2b2c_scan
from . import ir_actions_report
from . import stock_move
