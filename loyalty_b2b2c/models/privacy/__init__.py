from . import b2b2c_desk
from . import b2b2c_member
from . import b2b2c_member_wish
