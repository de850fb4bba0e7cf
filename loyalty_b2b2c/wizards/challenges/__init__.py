from . import b2b2c_challenge_begin
from . import b2b2c_challenge_cancel
from . import b2b2c_challenge_disqualify
from . import base_partner_merge
