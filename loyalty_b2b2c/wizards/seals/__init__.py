from . import b2b2c_seal_check
