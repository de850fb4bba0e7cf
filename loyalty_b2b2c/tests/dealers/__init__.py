from . import test_ladder
from . import test_ladder_branches
from . import test_ladder_messages
from . import test_ladder_screens
