from . import b2b2c_ladder_why
