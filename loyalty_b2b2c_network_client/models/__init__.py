from . import res_company
from . import res_config_settings
from . import b2b2c_network_call
from . import pos_order
from . import pos_payment_method
from . import pos_session
