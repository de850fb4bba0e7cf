from . import b2b2c_code_print
from . import b2b2c_mechanic_begin
