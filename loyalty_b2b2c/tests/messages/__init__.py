from . import test_channels
from . import test_messages_migration
from . import test_notification
