from . import test_beneficiaries
from . import test_document_machine
from . import test_event
from . import test_expected_day
from . import test_first_slice
from . import test_performance
from . import test_preview
from . import test_why
