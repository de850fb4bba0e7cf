from . import b2b2c_consent_text
from . import b2b2c_invitation
from . import b2b2c_join
from . import b2b2c_join_person
from . import b2b2c_join_code
from . import res_company
from . import res_config_settings
