from . import test_part_payment
from . import test_machine
