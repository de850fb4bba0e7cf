from . import b2b2c_notification
from . import b2b2c_notification_send
from . import b2b2c_member
from . import mail_mail
from . import sms_sms
from . import b2b2c_account
