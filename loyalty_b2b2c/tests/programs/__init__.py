from . import test_budget
from . import test_holds
from . import test_kinds_migration
from . import test_picks
from . import test_rules
from . import test_sentence
from . import test_sentence_tour
