from . import b2b2c_receipt_refuse
