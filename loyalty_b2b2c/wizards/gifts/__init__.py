from . import b2b2c_cause_bill
