from . import b2b2c_closed
from . import b2b2c_dialog
from . import b2b2c_filter
from . import b2b2c_role
from . import b2b2c_hour_count
from . import ir_rule
from . import res_company
from . import res_config_settings
