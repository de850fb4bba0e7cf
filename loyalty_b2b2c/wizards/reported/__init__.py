from . import b2b2c_intake_import
