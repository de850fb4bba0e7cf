from . import b2b2c_enroll
from . import b2b2c_member_move
from . import base_partner_merge
