from . import test_voucher_giving
from . import test_voucher_import
from . import test_voucher_key
from . import test_voucher_pool
from . import test_voucher_showing
