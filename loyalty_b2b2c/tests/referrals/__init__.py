from . import test_referral_links
from . import test_referral_binding
from . import test_referral_points
from . import test_referral_guards
from . import test_referral_oracle
from . import test_referral_people
from . import test_referral_preview
