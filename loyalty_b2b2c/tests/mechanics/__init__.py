from . import test_checklists
from . import test_mechanics
from . import test_mechanics_tour
from . import test_trials
