from . import test_grants
from . import test_grant_stories
from . import test_grant_tiers
