from . import test_spend
