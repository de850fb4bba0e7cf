from . import b2b2c_referral_invite
from . import base_partner_merge
from . import b2b2c_mechanic_begin
from . import b2b2c_why
