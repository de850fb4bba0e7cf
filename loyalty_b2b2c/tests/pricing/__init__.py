from . import test_base_lists
from . import test_price_exception
from . import test_price_invoice
from . import test_price_lock
from . import test_price_untouched
from . import test_price_ways
from . import test_saved
from . import test_undone_volume
