# configuration
from . import res_company, res_config_settings
from . import b2b2c_unit, b2b2c_program, b2b2c_document_kind
from . import b2b2c_earning_rule, b2b2c_earning_rule_part
from . import b2b2c_earning_rule_step, b2b2c_earning_rule_share

# participants and ledger
from . import b2b2c_closed
from . import b2b2c_member, b2b2c_account, b2b2c_account_delta
from . import b2b2c_account_posting, b2b2c_account_merge
from . import b2b2c_ledger_entry, b2b2c_ledger_lot, b2b2c_ledger_allocation
from . import b2b2c_adjustment
from . import b2b2c_member_overview, b2b2c_member_privacy

# spending
from . import b2b2c_reward, b2b2c_reward_offer, b2b2c_redemption
from . import b2b2c_member_redemptions

# figures
from . import b2b2c_stat, b2b2c_stat_day, b2b2c_stat_account, b2b2c_stat_range
from . import b2b2c_report, b2b2c_report_day, b2b2c_report_member

# intake and processing
from . import b2b2c_event, b2b2c_notification, b2b2c_notification_send
from . import b2b2c_member_messages, b2b2c_account_expiry
from . import b2b2c_cap_scope, b2b2c_cap_use, b2b2c_program_budget
from . import b2b2c_source, b2b2c_source_sale_order
from . import b2b2c_document, b2b2c_external_document, b2b2c_external_line
from . import b2b2c_source_invoice, b2b2c_source_delivery
from . import b2b2c_source_external, b2b2c_intake

# proofs of sale: codes, receipts, stamps
from . import b2b2c_code_batch, b2b2c_code_making, b2b2c_code_import, b2b2c_code
from . import b2b2c_code_shipping
from . import b2b2c_claim, b2b2c_claim_line, b2b2c_source_claim
from . import b2b2c_claim_message
from . import b2b2c_scan_limit, b2b2c_scan

# people who join by themselves
from . import b2b2c_consent_text, b2b2c_invitation
from . import b2b2c_join, b2b2c_join_person, b2b2c_join_code

# dealers
from . import b2b2c_ladder, b2b2c_ladder_tier, b2b2c_ladder_contract
from . import b2b2c_ladder_standing, b2b2c_ladder_change, b2b2c_volume_entry
from . import b2b2c_ladder_standing_overview, b2b2c_ladder_standing_messages
from . import res_partner_dealer, sale_order_dealer

# receipts: photos, what machines read on them, and who decides
from . import b2b2c_receipt, b2b2c_receipt_key, b2b2c_receipt_line
from . import b2b2c_receipt_page, b2b2c_receipt_catalogue
from . import b2b2c_receipt_submit, b2b2c_receipt_read, b2b2c_receipt_decide
from . import b2b2c_receipt_review, b2b2c_receipt_report, b2b2c_receipt_claim

# the HTTP API
from . import b2b2c_api_key, b2b2c_api_key_show, b2b2c_api_window, b2b2c_api_answer
from . import b2b2c_ledger_entry_expected, b2b2c_ledger_entry_feed

# adapters: core models that tell the outbox what changed
from . import sale_order, sale_order_line
from . import sale_order_price, sale_order_line_price
from . import b2b2c_price_deviation, b2b2c_price_exception
from . import account_move, account_move_line, account_partial_reconcile
from . import account_move_price, account_move_line_price
from . import account_payment
from . import stock_move, stock_move_line, stock_picking
from . import res_partner, res_partner_price, product_pricelist

# queues of Odoo: tell our messages what was not delivered
from . import mail_mail, sms_sms

# the counter
from . import b2b2c_terminal_day, b2b2c_terminal_lookup, b2b2c_terminal_operation
from . import b2b2c_terminal
from . import product_template, res_users, ir_http, ir_actions_report
