from . import b2b2c_webhook
from . import b2b2c_webhook_stream
from . import b2b2c_webhook_fact
from . import b2b2c_redemption
from . import b2b2c_ladder_standing
from . import b2b2c_member
from . import b2b2c_desk
