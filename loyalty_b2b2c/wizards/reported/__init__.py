from . import b2b2c_intake_import
from . import base_partner_merge
from . import b2b2c_mechanic_begin
