from . import b2b2c_terminal_day
from . import b2b2c_terminal_lookup
from . import b2b2c_terminal_operation
from . import b2b2c_terminal
from . import ir_http
from . import product_template
from . import res_users
