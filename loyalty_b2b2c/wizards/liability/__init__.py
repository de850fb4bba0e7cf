from . import b2b2c_liability_new
