from . import b2b2c_report_import
