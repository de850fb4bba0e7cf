from . import test_partner_agreement
