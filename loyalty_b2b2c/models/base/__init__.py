from . import b2b2c_closed
from . import b2b2c_role
from . import b2b2c_scan_limit
from . import res_company
from . import res_config_settings
