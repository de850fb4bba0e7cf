from . import b2b2c_referral_campaign
from . import loyalty_program
from . import loyalty_card
from . import b2b2c_referral_link
from . import sale_order
from . import sale_order_discount
