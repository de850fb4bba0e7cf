from . import b2b2c_redemption_refuse
from . import b2b2c_redemption_handover
from . import b2b2c_store_preview
