from . import b2b2c_earning_rule
from . import b2b2c_program
