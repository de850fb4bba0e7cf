from . import b2b2c_claim
from . import b2b2c_claim_line
from . import b2b2c_source
from . import b2b2c_claim_decide
from . import b2b2c_source_claim
from . import b2b2c_notification_kind
from . import b2b2c_member
from . import b2b2c_claim_erase
