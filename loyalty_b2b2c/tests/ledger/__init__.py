from . import test_adjustment
from . import test_append_only
from . import test_basis
from . import test_expiry
from . import test_ledger
