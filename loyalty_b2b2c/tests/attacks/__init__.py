from . import test_dealer_price
from . import test_foreign_keys
from . import test_identity
from . import test_identity_later
from . import test_two_people
from . import test_two_people_later
