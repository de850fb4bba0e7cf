from . import test_part_payment
from . import test_machine
from . import test_attacks
from . import test_liability
from . import test_dealer
from . import test_dealer_ways
