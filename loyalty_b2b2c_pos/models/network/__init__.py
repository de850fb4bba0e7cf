from . import b2b2c_source_pos_order
from . import b2b2c_partner_agreement
