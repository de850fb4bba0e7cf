from . import test_code_batch
from . import test_code_print
from . import test_code_shipping
from . import test_scan
from . import test_scan_clock
from . import test_scan_cost
