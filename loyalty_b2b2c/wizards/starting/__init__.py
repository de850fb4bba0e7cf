from . import b2b2c_program_start
