from . import test_hour_count
from . import test_settings
