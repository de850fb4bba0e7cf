from . import test_budget
from . import test_holds
from . import test_rules
