from . import test_buyer_migration
from . import test_ladder
from . import test_ladder_branches
from . import test_ladder_buyers
from . import test_ladder_messages
from . import test_ladder_screens
from . import test_move_machine
from . import test_unnamed_returns
