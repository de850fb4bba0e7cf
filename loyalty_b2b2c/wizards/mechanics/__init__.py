from . import b2b2c_mechanic_begin
from . import b2b2c_mechanic_try
