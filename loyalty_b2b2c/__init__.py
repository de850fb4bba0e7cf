from . import access_log, controllers, models, wizards
from .hooks import uninstall_hook

access_log.install()
