from . import test_part_payment
