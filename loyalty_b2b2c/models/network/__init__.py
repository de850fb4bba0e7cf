from . import b2b2c_partner_agreement
from . import b2b2c_partner_rate
from . import b2b2c_partner_visit
from . import b2b2c_spend
from . import b2b2c_member
