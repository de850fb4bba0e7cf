from . import b2b2c_ladder_why_line
from . import b2b2c_ladder_why
from . import base_partner_merge
from . import b2b2c_mechanic_begin
