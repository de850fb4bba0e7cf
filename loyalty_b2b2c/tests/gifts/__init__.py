from . import test_donation
from . import test_transfer
