from . import test_enroll
from . import test_enrollers
from . import test_people
from . import test_roles
