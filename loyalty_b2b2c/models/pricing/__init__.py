from . import sale_order
from . import sale_order_line
from . import b2b2c_price_deviation
from . import b2b2c_price_exception
from . import account_move
from . import account_move_line
from . import res_partner
from . import product_pricelist
