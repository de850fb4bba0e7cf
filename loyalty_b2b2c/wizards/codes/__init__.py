from . import b2b2c_code_print
