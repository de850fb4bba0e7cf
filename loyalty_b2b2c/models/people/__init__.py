from . import b2b2c_member
from . import b2b2c_member_find
from . import res_partner
