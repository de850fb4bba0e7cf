from . import test_payout
from . import test_payout_proof
from . import test_payout_withheld
from . import test_payout_batch
from . import test_payout_people
from . import test_payout_liability
