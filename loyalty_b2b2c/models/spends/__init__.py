from . import b2b2c_spending_way
from . import b2b2c_spend
from . import b2b2c_spend_booking
from . import b2b2c_spend_back
from . import b2b2c_spend_incident
from . import b2b2c_member
