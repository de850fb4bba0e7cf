from . import res_company
from . import res_config_settings
from . import points_network_call
from . import pos_order
from . import pos_order_line
from . import pos_order_sales
from . import pos_payment_method
from . import pos_session
