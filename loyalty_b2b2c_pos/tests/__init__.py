from . import test_pos_order
