from . import b2b2c_seal
from . import b2b2c_seal_head
from . import b2b2c_account
from . import b2b2c_member
from . import b2b2c_notification_kind
from . import res_company
from . import res_config_settings
