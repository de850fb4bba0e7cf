from . import test_first_slice
from . import test_ledger
