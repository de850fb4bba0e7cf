from . import test_spend
from . import test_spend_proof
