from . import b2b2c_settings
