from . import test_manager_settings
