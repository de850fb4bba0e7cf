from . import test_adjustment
from . import test_api
from . import test_api_feed
from . import test_append_only
from . import test_bad_input
from . import test_beside
from . import test_budget
from . import test_claims
from . import test_code_batch, test_code_print, test_code_shipping
from . import test_receipt_desk_tour, test_receipts, test_redemption
from . import test_beneficiaries
from . import test_holds
from . import test_deliveries
from . import test_distributor
from . import test_document_machine
from . import test_enroll
from . import test_event
from . import test_expiry
from . import test_figures
from . import test_first_slice
from . import test_intake
from . import test_invoices
from . import test_price_exception, test_price_invoice, test_price_lock
from . import test_ladder
from . import test_ladder_messages
from . import test_ladder_screens
from . import test_join
from . import test_ledger
from . import test_notification
from . import test_people
from . import test_performance
from . import test_preview
from . import test_privacy
from . import test_privacy_fields
from . import test_privacy_lookup
from . import test_report_import
from . import test_rights
from . import test_rules
from . import test_scan
from . import test_terminal, test_terminal_tour
from . import test_why
