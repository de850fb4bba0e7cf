from . import test_challenge
from . import test_challenge_decisions
from . import test_challenge_rounds
from . import test_challenge_tasks
from . import test_contest_end
from . import test_score_feed
from . import test_standings
