from . import b2b2c_voucher_return
