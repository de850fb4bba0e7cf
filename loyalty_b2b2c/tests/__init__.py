from . import test_bad_input
from . import test_document_machine
from . import test_first_slice
from . import test_ledger
from . import test_rules
