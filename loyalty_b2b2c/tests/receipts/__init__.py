from . import test_receipt_desk_tour
from . import test_receipts
