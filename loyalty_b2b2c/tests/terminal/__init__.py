from . import test_terminal
from . import test_terminal_tour
from . import test_counter_only
from . import test_terminal_paying
