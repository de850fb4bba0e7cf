from . import test_distributor
from . import test_supply_api
from . import test_supply_order
