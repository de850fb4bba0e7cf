from . import test_garbage
from . import test_hour_count
from . import test_harmless
from . import test_inert_exports
from . import test_settings
from . import test_desk
from . import test_desk_page
from . import test_filter
