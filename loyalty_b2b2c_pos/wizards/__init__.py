from . import b2b2c_enroll
from . import b2b2c_till_seller_choose
from . import b2b2c_till_points
from . import b2b2c_till_points_partner
