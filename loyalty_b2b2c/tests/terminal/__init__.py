from . import test_terminal
from . import test_terminal_tour
