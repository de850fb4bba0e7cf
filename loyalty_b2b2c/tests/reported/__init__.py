from . import test_distributor
from . import test_imagined
from . import test_intake
from . import test_intake_import
