from . import test_liability
from . import test_liability_machine
