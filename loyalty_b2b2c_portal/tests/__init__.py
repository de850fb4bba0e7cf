from . import test_portal_access
from . import test_portal_code
from . import test_portal_goods
from . import test_portal_pages
from . import test_portal_statement
from . import test_portal_tour
from . import test_portal_scan
from . import test_portal_join
