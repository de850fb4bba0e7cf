from . import test_deliveries
from . import test_invoices
