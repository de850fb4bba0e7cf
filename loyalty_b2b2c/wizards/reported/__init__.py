from . import b2b2c_report_import
from . import base_partner_merge
