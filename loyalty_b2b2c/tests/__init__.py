from . import test_adjustment
from . import test_append_only
from . import test_bad_input
from . import test_document_machine
from . import test_enroll
from . import test_event
from . import test_figures
from . import test_first_slice
from . import test_intake
from . import test_ledger
from . import test_notification
from . import test_performance
from . import test_preview
from . import test_report_import
from . import test_rights
from . import test_rules
from . import test_terminal, test_terminal_tour
