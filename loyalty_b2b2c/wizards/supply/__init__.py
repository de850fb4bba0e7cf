from . import b2b2c_supply_refuse
from . import b2b2c_supply_ship
