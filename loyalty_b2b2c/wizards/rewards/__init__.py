from . import b2b2c_redemption_refuse
