from . import test_activity
from . import test_activity_desk_tour
