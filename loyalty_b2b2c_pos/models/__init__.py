from . import account_move
from . import b2b2c_source
from . import b2b2c_source_delivery
from . import b2b2c_source_invoice
from . import b2b2c_source_pos_order
from . import b2b2c_source_sale_order
from . import pos_order
