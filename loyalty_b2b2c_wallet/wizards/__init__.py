from . import b2b2c_part_payment_choose
