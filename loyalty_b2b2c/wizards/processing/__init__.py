from . import b2b2c_preview
from . import b2b2c_why
from . import b2b2c_event_ignore
from . import base_partner_merge
