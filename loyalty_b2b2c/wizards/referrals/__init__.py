from . import b2b2c_referral_invite
from . import base_partner_merge
