from . import b2b2c_terminal_day
from . import b2b2c_terminal_operation
from . import b2b2c_terminal
from . import product_template
from . import res_users
from . import res_company
from . import res_config_settings
from . import b2b2c_member
