from . import test_distributor
from . import test_imagined
from . import test_intake
from . import test_intake_import
from . import test_no_guess
