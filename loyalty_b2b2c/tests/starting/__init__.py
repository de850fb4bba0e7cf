from . import test_starting
from . import test_pairs_of_mechanics
