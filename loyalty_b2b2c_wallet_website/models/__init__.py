from . import ir_http
from . import sale_order
