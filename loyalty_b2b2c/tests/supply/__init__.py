from . import test_supply_api
from . import test_supply_distributor
from . import test_supply_order
