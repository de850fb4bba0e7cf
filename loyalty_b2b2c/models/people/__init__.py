from . import b2b2c_member
from . import b2b2c_member_find
from . import res_partner
from . import b2b2c_member_fact
from . import b2b2c_member_life
from . import b2b2c_member_privacy
