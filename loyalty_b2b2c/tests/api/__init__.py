from . import test_api
from . import test_api_feed
from . import test_mandate
from . import test_api_spends
