from . import product_pricelist
from . import sale_order
from . import website
