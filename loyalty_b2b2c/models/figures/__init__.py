from . import b2b2c_stat
from . import b2b2c_stat_day
from . import b2b2c_stat_account
from . import b2b2c_stat_range
from . import b2b2c_report
from . import b2b2c_report_day
from . import b2b2c_report_member
from . import res_company
