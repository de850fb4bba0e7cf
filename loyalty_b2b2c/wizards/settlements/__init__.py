from . import b2b2c_settlement_month
