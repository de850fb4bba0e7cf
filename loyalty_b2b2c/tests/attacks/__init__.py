from . import test_dealer_price
from . import test_identity
from . import test_two_people
