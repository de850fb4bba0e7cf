from . import test_starting
