from . import test_partner_agreement
from . import test_partner_limits
from . import test_partner_programs
