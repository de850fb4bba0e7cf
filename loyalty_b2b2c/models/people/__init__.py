from . import b2b2c_member
from . import res_partner
