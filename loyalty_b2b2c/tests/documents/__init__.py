from . import test_books
from . import test_books_sales
from . import test_cards
from . import test_buyers
from . import test_confirmation_day
from . import test_deliveries
from . import test_invoices
