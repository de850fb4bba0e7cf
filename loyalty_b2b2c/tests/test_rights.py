"""Who may do what: nobody mints points, companies do not see each other (R14)."""

import base64
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from ..engine.product_code import new_codes
from ..models.api.b2b2c_ledger_entry import B2b2cLedgerEntryFeed
from ..models.base.days import get_today
from ..models.joining.join_input import JoinInput
from ..models.reported.mandate import Mandate
from ..models.spends.spend_request import SpendRequest
from .common import LoyaltyCommon
from .receipts.receipt_kit import jpeg
from .vouchers.voucher_kit import KEY, use_key

#: Models whose rows only the ledger's door writes.
LEDGER = (
    "b2b2c.account",
    "b2b2c.account.delta",
    "b2b2c.expected.day",
    "b2b2c.ledger.entry",
    "b2b2c.ledger.lot",
    "b2b2c.ledger.allocation",
    "b2b2c.cap.scope",
    "b2b2c.cap.use",
    "b2b2c.milestone.sale",
    "b2b2c.notification",
    "b2b2c.notification.delivery",
    "b2b2c.stat.account",
    "b2b2c.stat.day",
    "b2b2c.stat.range",
    "b2b2c.seal",
    "b2b2c.seal.head",
    "b2b2c.ladder.change",
    "b2b2c.volume.day",
    "b2b2c.volume.entry",
    "b2b2c.referral.person",
    "b2b2c.referral.touch",
    "b2b2c.referral.use",
    "b2b2c.challenge.round",
    "b2b2c.challenge.entry",
    "b2b2c.challenge.score",
    "b2b2c.challenge.standing",
    "b2b2c.challenge.result",
    "b2b2c.challenge.award",
)

#: Counters of the engine: their rows name no company, so nobody reads them.
UNREAD = (
    "b2b2c.activity.piece",
    "b2b2c.cap.scope",
    "b2b2c.cap.use",
    "b2b2c.card.code",
    "b2b2c.expected.day",
    "b2b2c.milestone.sale",
    "b2b2c.referral.person",
    "b2b2c.reported.day",
    "b2b2c.training.attempt",
    "b2b2c.voucher.key",
)

#: Views over the figures: nobody can write them, every loyalty user reads them.
REPORTS = ("b2b2c.report.day", "b2b2c.report.member", "b2b2c.referral.report")

#: Models with rights by group: group -> operations allowed.
TERMS = {
    "b2b2c.unit": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.program": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.earning.rule": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.earning.rule.step": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.earning.rule.share": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.document.kind": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.ladder": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.ladder.tier": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.ladder.tier.discount": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.ladder.standing": {"manager": "rwc", "officer": "rwc", "user": "r"},
    "b2b2c.ladder.contract": {"manager": "rwcu", "officer": "rwcu", "user": "rc"},
    "b2b2c.challenge": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.challenge.prize": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.activity.criterion": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.activity.sample": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.activity.submission": {"manager": "rw", "officer": "rw", "user": "r"},
    "b2b2c.activity.score": {"manager": "rw", "officer": "rw", "user": "r"},
    "b2b2c.activity.photo": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.activity.video": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.activity.piece": {"manager": "", "officer": "", "user": ""},
    "b2b2c.challenge.shop.target": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.challenge.recount": {"manager": "rwc", "officer": "rwc", "user": "r"},
    "b2b2c.price.exception": {"manager": "rw", "officer": "rw", "user": "r"},
    "b2b2c.price.exception.line": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.price.deviation": {"manager": "rw", "officer": "rw", "user": "r"},
    "b2b2c.member": {"manager": "rwcu", "officer": "rwc", "user": "rwc"},
    "b2b2c.adjustment": {"manager": "rwcu", "officer": "rwcu", "user": "r"},
    "b2b2c.event": {"manager": "rw", "officer": "rw", "user": "r"},
    "b2b2c.api.key": {"manager": "rwc", "officer": "", "user": ""},
    "b2b2c.external.document": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.external.line": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.reward.category": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.reward.favourite": {"manager": "r", "officer": "", "user": ""},
    "b2b2c.pin.try": {"manager": "r", "officer": "r", "user": ""},
    "b2b2c.claim": {"manager": "rw", "officer": "rw", "user": "r"},
    "b2b2c.reward": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.cause": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.reward.role": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.spending.way": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.grant": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.redemption": {"manager": "rw", "officer": "rw", "user": "r"},
    "b2b2c.spend": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.spend.back": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.spend.incident": {"manager": "rw", "officer": "rw", "user": "r"},
    "b2b2c.spend.proof": {"manager": "r", "officer": "r", "user": ""},
    "b2b2c.partner.agreement": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.partner.rate": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.partner.visit": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.partner.day": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.webhook": {"manager": "rwcu", "officer": "", "user": ""},
    "b2b2c.webhook.stream": {"manager": "rwcu", "officer": "", "user": ""},
    "b2b2c.webhook.fact": {"manager": "r", "officer": "", "user": ""},
    "b2b2c.payout": {"manager": "rw", "officer": "rw", "user": ""},
    "b2b2c.payout.batch": {"manager": "rw", "officer": "", "user": ""},
    "b2b2c.payout.payment": {"manager": "r", "officer": "", "user": ""},
    "b2b2c.receipt": {"manager": "rw", "officer": "rw", "user": "r"},
    "b2b2c.receipt.line": {"manager": "rwcu", "officer": "rwcu", "user": "r"},
    "b2b2c.receipt.page": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.receipt.word": {"manager": "rwcu", "officer": "ru", "user": "r"},
    "b2b2c.receipt.key": {"manager": "r", "officer": "", "user": ""},
    "b2b2c.claim.line": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.code.batch": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.code": {"manager": "r", "officer": "", "user": ""},
    "b2b2c.voucher": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.voucher.import": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.voucher.pool": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.voucher.showing": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.presentation": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.presentation.attendee": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.training.attempt": {"manager": "", "officer": "", "user": ""},
    "b2b2c.training.proof": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.consent.text": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.invitation": {"manager": "rwcu", "officer": "rwc", "user": "r"},
    "b2b2c.join": {"manager": "rw", "officer": "rw", "user": "r"},
    "b2b2c.hour.count": {"manager": "r", "officer": "r", "user": ""},
    "b2b2c.terminal.operation": {"manager": "r", "officer": "r", "user": ""},
    "b2b2c.terminal.day": {"manager": "r", "officer": "r", "user": ""},
    "b2b2c.officer.day": {"manager": "r", "officer": "r", "user": ""},
    "b2b2c.liability.run": {"manager": "r", "officer": "", "user": ""},
    "b2b2c.liability.line": {"manager": "r", "officer": "", "user": ""},
    "b2b2c.liability.check": {"manager": "r", "officer": "", "user": ""},
    "b2b2c.liability.age": {"manager": "r", "officer": "", "user": ""},
    "b2b2c.referral": {"manager": "rw", "officer": "rw", "user": "r"},
    "b2b2c.referral.campaign": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.referral.link": {"manager": "rwcu", "officer": "rwc", "user": "r"},
    "b2b2c.referral.terms": {"manager": "rwcu", "officer": "r", "user": "r"},
    "b2b2c.settlement": {"manager": "rwu", "officer": "rwu", "user": "r"},
    "b2b2c.settlement.line": {"manager": "r", "officer": "r", "user": "r"},
    "b2b2c.settlement.dispute": {"manager": "rw", "officer": "rw", "user": "r"},
}

#: What auditors read, beside the books; they write none of it.
OF_AUDITORS = (
    "b2b2c.account",
    "b2b2c.activity.criterion",
    "b2b2c.activity.photo",
    "b2b2c.activity.sample",
    "b2b2c.activity.score",
    "b2b2c.activity.submission",
    "b2b2c.activity.video",
    "b2b2c.cause",
    "b2b2c.challenge",
    "b2b2c.challenge.award",
    "b2b2c.challenge.entry",
    "b2b2c.challenge.prize",
    "b2b2c.challenge.recount",
    "b2b2c.challenge.result",
    "b2b2c.challenge.round",
    "b2b2c.challenge.score",
    "b2b2c.challenge.shop.target",
    "b2b2c.challenge.standing",
    "b2b2c.document.kind",
    "b2b2c.earning.rule",
    "b2b2c.earning.rule.share",
    "b2b2c.earning.rule.step",
    "b2b2c.grant",
    "b2b2c.ladder",
    "b2b2c.ladder.change",
    "b2b2c.ladder.contract",
    "b2b2c.ladder.standing",
    "b2b2c.ladder.tier",
    "b2b2c.ladder.tier.discount",
    "b2b2c.ledger.allocation",
    "b2b2c.ledger.entry",
    "b2b2c.ledger.lot",
    "b2b2c.liability.age",
    "b2b2c.liability.check",
    "b2b2c.liability.line",
    "b2b2c.liability.run",
    "b2b2c.member",
    "b2b2c.notification",
    "b2b2c.notification.delivery",
    "b2b2c.partner.agreement",
    "b2b2c.partner.day",
    "b2b2c.partner.rate",
    "b2b2c.partner.visit",
    "b2b2c.presentation",
    "b2b2c.presentation.attendee",
    "b2b2c.program",
    "b2b2c.redemption",
    "b2b2c.referral",
    "b2b2c.referral.campaign",
    "b2b2c.referral.link",
    "b2b2c.referral.report",
    "b2b2c.referral.terms",
    "b2b2c.referral.touch",
    "b2b2c.referral.use",
    "b2b2c.reward",
    "b2b2c.reward.category",
    "b2b2c.reward.role",
    "b2b2c.seal",
    "b2b2c.seal.head",
    "b2b2c.settlement",
    "b2b2c.settlement.dispute",
    "b2b2c.settlement.line",
    "b2b2c.spend",
    "b2b2c.spend.back",
    "b2b2c.spend.incident",
    "b2b2c.spending.way",
    "b2b2c.training.proof",
    "b2b2c.unit",
    "b2b2c.volume.day",
    "b2b2c.volume.entry",
    "b2b2c.voucher",
    "b2b2c.voucher.import",
    "b2b2c.voucher.pool",
    "b2b2c.voucher.showing",
)

#: Models that salespeople use without being loyalty users.
OF_SELLERS = ("b2b2c.price.exception", "b2b2c.price.exception.line")

#: Models whose rows belong to no company, or to all, and why that tells nothing.
SHARED = {
    "b2b2c.unit": "units without a company are everybody's: the word for points",
    "b2b2c.document.kind": "words of the product",
    "b2b2c.reward.role": "words of the product",
    "b2b2c.spending.way": "words of the product",
    "b2b2c.stat.range": "ids that are not folded yet, for managers",
}

GROUPS = {
    "salesman": "sales_team.group_sale_salesman_all_leads",
    "accountant": "account.group_account_manager",
    "storekeeper": "stock.group_stock_manager",
    "portal": "base.group_portal",
    "operator": "loyalty_b2b2c.group_terminal",
    "auditor": "loyalty_b2b2c.group_auditor",
    "user": "loyalty_b2b2c.group_user",
    "officer": "loyalty_b2b2c.group_officer",
    "manager": "loyalty_b2b2c.group_manager",
}
STRANGERS = ("salesman", "accountant", "storekeeper", "portal", "operator")
LOYAL = ("user", "officer", "manager")

#: Everything of ours that a client may call by RPC.  Adding a line is a decision.
PUBLIC = {
    "b2b2c.account": {
        "action_open_entries",
        "action_rebuild_all",
        "action_verify",
        "action_verify_all",
    },
    "b2b2c.activity.answer": {"action_answer"},
    "b2b2c.activity.submission": {
        "action_accept",
        "action_next",
        "action_refuse",
        "action_send_back",
        "action_take_back",
    },
    "b2b2c.adjustment": {"action_approve", "action_reject", "action_submit"},
    "b2b2c.api.key": {"action_new_secret", "action_revoke"},
    "b2b2c.challenge": {
        "action_accept_content",
        "action_copy_on",
        "action_estimate",
        "action_new_version",
        "action_open_audience",
        "action_open_awards",
        "action_open_proofs",
        "action_open_rounds",
        "action_open_standings",
        "action_open_submissions",
        "action_prove",
        "action_start",
        "action_stop",
        "action_take_step",
    },
    "b2b2c.challenge.begin": {"action_begin"},
    "b2b2c.program.start": {"action_start"},
    "b2b2c.settings": {"cancel", "execute"},
    "b2b2c.checklist": {"action_take_step"},
    "b2b2c.mechanic": {"get_gallery", "open_mechanic"},
    "b2b2c.mechanic.begin": {"action_begin"},
    "b2b2c.challenge.cancel": {"action_cancel"},
    "b2b2c.challenge.disqualify": {"action_disqualify"},
    "b2b2c.challenge.recount": {"action_approve", "action_refuse"},
    "b2b2c.challenge.round": {
        "action_ask_recount",
        "action_disqualify",
        "action_prove_result",
    },
    "b2b2c.event": {"action_open_document", "action_retry"},
    "b2b2c.grant": {"action_give"},
    "b2b2c.earning.rule": {"action_new_version"},
    "b2b2c.document": {"action_open_entries", "action_preview"},
    "b2b2c.external.document": {
        "action_accept",
        "action_cancel",
        "action_open_entries",
        "action_preview",
    },
    "b2b2c.claim": {
        "action_accept",
        "action_cancel",
        "action_open_entries",
        "action_open_receipt",
        "action_preview",
        "action_refuse",
    },
    "b2b2c.desk": {"count_waiting", "get_day", "open_waiting"},
    "b2b2c.preview": {"action_open_entries", "action_why"},
    "b2b2c.ladder": {
        "action_close",
        "action_dealers",
        "action_new_version",
        "action_prove",
        "action_start",
        "action_take_step",
    },
    "b2b2c.ladder.contract": {"action_approve", "action_end", "action_refuse"},
    "b2b2c.price.exception": {
        "action_approve",
        "action_cancel",
        "action_refuse",
        "action_request",
    },
    "b2b2c.price.deviation": {"action_accept", "action_open_document"},
    # of the add-on for chats
    "b2b2c.chat.broadcast": {
        "action_open_rows",
        "action_start",
        "action_stop",
        "action_test",
    },
    "b2b2c.chat.channel": {
        "action_check",
        "action_open_chat",
        "action_open_failed",
        "action_open_links",
        "action_open_questions",
        "action_pause",
        "action_set_up",
        "action_test",
    },
    "b2b2c.chat.link": {
        "action_open_person",
        "action_unlink_person",
        "action_write_to",
    },
    "b2b2c.chat.question": {
        "action_done",
        "action_open_person",
        "action_reopen",
        "action_take",
    },
    "b2b2c.code": {"action_block", "action_unblock"},
    # of the add-on for tills
    "b2b2c.till.points": {"action_set_up"},
    "b2b2c.training.proof": {"action_accept", "action_open_source", "action_refuse"},
    "b2b2c.training.refuse": {"action_refuse"},
    # of the add-on for part payments, which installs itself beside sale_loyalty
    "b2b2c.part.payment": {"action_release"},
    "b2b2c.part.payment.choose": {
        "action_choose",
        "action_choose_most",
        "action_choose_none",
    },
    "b2b2c.pin.try": {"action_open"},
    # of the add-on for tills
    "b2b2c.till.seller": {"action_open_choice", "action_open_enrolment"},
    "b2b2c.till.seller.choose": {"action_choose"},
    "b2b2c.code.batch": {
        "action_activate",
        "action_close",
        "action_forget_codes",
        "action_forget_pins",
        "action_freeze",
        "action_make",
        "action_open_claims",
        "action_open_codes",
        "action_print",
        "action_unfreeze",
    },
    "b2b2c.code.print": {"action_print"},
    "b2b2c.ladder.standing": {
        "action_end",
        "action_evaluate",
        "action_open_orders",
        "action_open_partner",
        "action_volume",
        "action_why",
    },
    "b2b2c.ladder.why.line": {"action_open_document"},
    "b2b2c.invitation": {
        "action_new_link",
        "action_open_joins",
        "action_open_poster",
        "action_revoke",
    },
    "b2b2c.join": {"action_approve", "action_open_member", "action_refuse"},
    "b2b2c.receipt": {
        "action_approve",
        "action_next",
        "action_read_again",
        "action_refuse",
        "action_undo",
    },
    "b2b2c.receipt.refuse": {"action_refuse"},
    "b2b2c.receipt.word": {"action_forget"},
    "b2b2c.cause": {"action_open_donations"},
    "b2b2c.cause.bill": {"action_bill"},
    "b2b2c.reward": {
        "action_open_figures",
        "action_open_redemptions",
        "action_open_voucher_pool",
    },
    "b2b2c.redemption": {
        "action_deliver",
        "action_fulfil",
        "action_open_payout",
        "action_open_pickings",
        "action_print_slip",
        "action_refuse",
        "action_send_voucher",
    },
    "b2b2c.redemption.handover": {"action_hand_over"},
    "b2b2c.payout": {
        "action_approve",
        "action_come_back",
        "action_confirm",
        "action_open_batch",
        "action_open_document",
        "action_open_payment",
        "action_open_redemption",
        "action_pay",
        "action_refuse",
        "action_trust",
    },
    "b2b2c.payout.answer": {"action_read"},
    "b2b2c.payout.batch": {"action_open_payouts"},
    "b2b2c.payout.pay": {"action_pay"},
    "b2b2c.payout.reason": {"action_refuse", "action_return"},
    "b2b2c.redemption.refuse": {"action_refuse"},
    "b2b2c.reward.category": {"action_open_rewards"},
    "b2b2c.store.preview": {"action_open_store"},
    "b2b2c.supply.order": {
        "action_accept",
        "action_close",
        "action_open_sale",
        "action_refuse",
        "action_ship",
    },
    "b2b2c.supply.refuse": {"action_refuse"},
    "b2b2c.supply.ship": {"action_ship"},
    "b2b2c.distributor": {"action_open_compensations", "action_open_orders"},
    "b2b2c.compensation": {"action_bill"},
    "b2b2c.spend": {"action_release"},
    "b2b2c.spend.incident": {"action_settle"},
    "b2b2c.partner.agreement": {
        "action_activate",
        "action_end",
        "action_look_again",
        "action_open_incidents",
        "action_open_settlements",
        "action_open_spends",
        "action_open_visits",
        "action_pause",
    },
    "b2b2c.webhook": {
        "action_activate",
        "action_new_secret",
        "action_pause",
        "action_test",
    },
    "b2b2c.webhook.replay": {"action_replay"},
    "b2b2c.unit": {"action_offer_goods"},
    "b2b2c.ledger.entry": {"action_open_document"},
    "b2b2c.liability.check": {
        "action_open_documents",
        "action_open_others",
        "action_open_runs",
    },
    "b2b2c.liability.new": {"action_look"},
    "b2b2c.liability.run": {
        "action_compute",
        "action_discard",
        "action_open_entry",
        "action_post_run",
    },
    "b2b2c.member": {
        "action_erase",
        "action_export_personal_data",
        "action_invite",
        "action_leave",
        "action_open_accounts",
        "action_open_chats",
        "action_open_correction",
        "action_open_documents",
        "action_open_entries",
        "action_open_memberships",
        "action_open_notifications",
        "action_open_redemptions",
        "action_prove_addresses",
        "action_renew_code",
        "action_why",
        "action_resume",
        "action_suspend",
    },
    "b2b2c.notification": {"action_retry"},
    "b2b2c.intake.import": {
        "action_back",
        "action_check",
        "action_import",
        "action_open_documents",
        "action_open_sample",
    },
    "b2b2c.referral": {"action_accept", "action_check_again", "action_refuse"},
    "b2b2c.referral.campaign": {"action_open_links"},
    "b2b2c.referral.invite": {"action_check", "action_invite"},
    "b2b2c.referral.link": {"action_pause", "action_resume", "action_revoke"},
    "b2b2c.program": {
        "action_close",
        "action_draft",
        "action_open_entries",
        "action_open_figures",
        "action_open_start",
        "action_recheck_cuts",
        "action_start",
        "action_take_step",
        "action_try",
    },
    "b2b2c.report": {"action_open_entries"},
    "b2b2c.report.day": {"action_open_entries"},
    "b2b2c.report.member": {"action_open_entries"},
    "b2b2c.account.transfer": {"action_transfer"},
    "b2b2c.terminal": {
        "ask_payment",
        "cancel",
        "confirm_payment",
        "drop_payment",
        "offer_payment",
        "open_member",
        "preview",
        "recent",
        "record",
        "search_member",
        "search_product",
        "start",
    },
    "b2b2c.terminal.cancel": {"action_cancel"},
    "b2b2c.voucher.import": {"action_import", "action_open_vouchers"},
    "b2b2c.voucher.key": {"action_rotate"},
    "b2b2c.voucher.pool": {
        "action_close",
        "action_open_import",
        "action_open_imports",
        "action_open_return",
        "action_open_returned",
        "action_open_rewards",
        "action_open_vouchers",
        "action_pause",
        "action_resume",
    },
    "b2b2c.voucher.return": {"action_return"},
    "b2b2c.seal.check": {"action_check"},
    "b2b2c.settlement": {
        "action_agree",
        "action_book",
        "action_discard",
        "action_net",
        "action_open_disputes",
        "action_open_documents",
        "action_open_lines",
        "action_send",
        "action_undo_netting",
    },
    "b2b2c.settlement.dispute": {"action_accept", "action_refuse"},
    "b2b2c.settlement.line": {"action_open_source"},
    "b2b2c.settlement.month": {"action_preview", "action_settle"},
    "b2b2c.terminal.operation": {"action_open_cancel", "action_open_document"},
    "b2b2c.enroll": {"action_enroll"},
    "b2b2c.entry.reverse": {"action_reverse"},
    "b2b2c.erase": {"action_erase"},
    "b2b2c.event.ignore": {"action_ignore"},
    "b2b2c.member.move": {"action_move"},
}
#: Overrides of what Odoo itself makes public.
CORE = {
    *("create", "read", "write", "unlink", "copy_data", "name_create"),
    *("default_get", "onchange"),
}


class RightsCommon(LoyaltyCommon):
    """One row of everything, and a user per group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: cls._create_user(name, xmlid) for name, xmlid in GROUPS.items()
        }
        cls.program = cls._create_program(
            {
                "cap_member": 1000,
                "share_ids": [Command.create({"role": "employee", "percent": 100})],
            },
            {
                "kind": "table",
                "step_ids": [Command.create({"start": 0, "value": 1})],
            },
        )
        cls.order = cls._create_order()
        cls.env["b2b2c.event"]._process_now()
        account = cls.member._get_account(cls.unit)
        account._redeem(10, source_key="redeem/1")
        cls._create_order()
        cls.env["b2b2c.event"]._process_now()
        cls.env["b2b2c.expected.day"]._move({"sale.order,1|r1|m1": None})
        cls.by_hand = cls.env["b2b2c.adjustment"].create(
            {"account_id": account.id, "points": 1, "reason": "Test"}
        )
        cls.by_hand.with_user(cls.users["officer"]).action_submit()
        cls.env["b2b2c.cause"].create({"name": "Books", "partner_id": cls.client.id})
        reward = cls.env["b2b2c.reward"].create({"name": "Mug", "points": 1})
        reward.category_id = cls.env["b2b2c.reward.category"].create({"name": "Mugs"})
        cls.env["b2b2c.reward.favourite"]._mark(cls.member.partner_id, reward, True)
        cls.env["b2b2c.redemption"]._request(cls.member, reward, request_key="key")
        cls._create_milestone(reward)
        cls._send_supply_order()
        if "b2b2c.part.payment" in cls.env:  # of an add-on
            cls.env["b2b2c.part.payment"].create(
                {
                    "order_id": cls._create_order(confirm=False).id,
                    "company_id": cls.company.id,
                    "account_id": cls.member._get_account(cls.unit).id,
                }
            )
        if "b2b2c.chat.channel" in cls.env:  # of an add-on
            cls._chat()
        cls.env["b2b2c.stat.range"]._fold()
        cls._seal_entries()
        cls._sell_at_a_partner()
        cls._look_at_liability()
        for message in cls.env["b2b2c.notification"].search([]):
            message._deliver()
        cls._create_dealer()
        key = cls.env["b2b2c.api.key"].create({"name": "Till"})
        cls.env["b2b2c.webhook"].create(
            {
                "name": "Accounting",
                "key_id": key.id,
                "url": "https://accounting.example.com",
                "stream_ids": [Command.create({"kind": "requests"})],
            }
        )
        cls.env["b2b2c.webhook.fact"]._publish(
            "requests", cls.company, cls.client, {"request": "R1"}
        )
        cls.env["b2b2c.intake"]._record(
            {
                "type": "sale",
                "reference": "R-1",
                "member": {"id": cls.member.id},
                "amount": 10,
            },
            company=cls.company,
            channel="api",
            mandate=Mandate("till", day_quantity=Decimal(100)),
        )
        cls.env["b2b2c.event"]._process_now()
        batch = cls.env["b2b2c.code.batch"].create(
            {"name": "Cards", "product_id": cls.product.id, "count": 2}
        )
        batch.action_make()
        code = cls.env["b2b2c.code"].search([("batch_id", "=", batch.id)], limit=1)
        cls.env["b2b2c.scan"]._take(cls.member, code.code, "request-1")
        locked = new_codes(1, with_pin=True)[0]
        cls.env["b2b2c.scan"]._take(cls.member, locked, "request-2", pin="ABCDEF")
        cls._create_request()
        cls._create_presentation()
        cls._create_exception()
        cls._create_voucher()
        cls._create_payout()
        cls._create_settlement()
        cls._run_contest()
        cls._hand_in_photos()
        cls._recommend()
        receipt = cls.env["b2b2c.receipt"]._upload(cls.member, [jpeg()], "photo")
        cls.env["b2b2c.receipt.line"].create({"receipt_id": receipt.id})
        receipt.write({"number": "1", "issued_on": "2026-03-02", "amount_total": 1})
        receipt._take_keys()
        cls.env["b2b2c.receipt.word"].create({"wording": "Summa summarum"})
        terminal = cls.env["b2b2c.terminal"].with_user(cls.users["manager"])
        [found] = terminal.search_member(cls.member.code)["members"]
        terminal.record(found["ticket"], {"amount": "10"}, "a key of sixteen")
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _seal_entries(cls):
        """Seal what this transaction booked as if it were over, and state it."""
        with patch.object(B2b2cLedgerEntryFeed, "_get_horizon", lambda self: 2**62):
            cls.env["b2b2c.seal"]._seal(cls.company)
        cls.env["b2b2c.seal.head"]._state(cls.company)

    @classmethod
    def _send_supply_order(cls):
        """Let an owner order goods, of which a part was shipped."""
        cls.unit.with_company(cls.company).face_value = 1
        shop = cls.env["res.partner"].create({"name": "Shop", "is_company": True})
        owner = cls._create_member(
            name="Owner", email="o@shop.example", role="owner", employer_id=shop.id
        )
        owner._get_account(cls.unit)._earn(200, source_key="supply/owner")
        north = cls.env["res.partner"].create({"name": "North", "is_company": True})
        cls.env["b2b2c.distributor"].create(
            {
                "partner_id": north.id,
                "company_id": cls.company.id,
                "product_ids": [Command.set(cls.product.ids)],
            }
        )
        order = cls.env["b2b2c.supply.order"]._send(
            owner, cls.unit, {cls.product.id: 2}, request_key="supply"
        )
        order._ship({order.line_ids: 1}, cls.env.user)

    @classmethod
    def _sell_at_a_partner(cls):
        """Let somebody earn, spend and return at a shop of the network."""
        shop = cls.env["res.partner"].create({"name": "Jeweller", "is_company": True})
        rate = {
            "unit_id": cls.unit.id,
            "valid_from": "2020-01-01",
            "point_value": 1,
        }
        cls.env["b2b2c.partner.agreement"].create(
            {
                "partner_id": shop.id,
                "company_id": cls.company.id,
                "starts_on": "2020-01-01",
                "day_limit": 100,
                "rate_ids": [Command.create(rate)],
            }
        ).action_activate()
        today = get_today(cls.company)
        visits = cls.env["b2b2c.partner.visit"]
        visits._note(cls.order, cls.company, shop, today, "R-1")
        buyer = cls._create_member(name="Buyer", email="buyer@example.com")
        buyer._get_account(cls.unit)._earn(10, source_key="network/buyer")
        cls.unit.with_company(cls.company).face_value = 1
        spend = cls.env["b2b2c.spend"]._hold(
            SpendRequest(
                member=buyer,
                unit=cls.unit,
                amount=Decimal(10),
                currency=cls.company.currency_id,
                key="network/1",
                name="Receipt R-2",
                place=shop,
            )
        )
        spend._release()
        spend._capture()  # too late: an incident
        spend._give_back(Decimal(1), "network/1/back")
        cls.env["b2b2c.spend.proof"]._choose_pin(buyer, "2580", "2580")

    @classmethod
    def _look_at_liability(cls):
        """Look at what is owed, as if what this transaction booked were final."""
        cls.company.b2b2c_liability_account_id = cls.env["account.account"].create(
            {"name": "Owed", "code": "289999", "account_type": "liability_current"}
        )
        with patch.object(B2b2cLedgerEntryFeed, "_get_horizon", lambda self: 2**62):
            today = get_today(cls.company)
            cls.env["b2b2c.liability.run"]._prepare(cls.company, today)

    @classmethod
    def _create_dealer(cls):
        """Let the client climb a ladder, with a contract waiting."""
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )
        ladder = cls.env["b2b2c.ladder"].create(
            {
                "name": "Dealers",
                "moment": "confirmed",
                "document_kind_ids": [Command.set(cls._get_document_kinds().ids)],
            }
        )
        tier = ladder.tier_ids[-1]
        category = cls.env["product.category"].create({"name": "Machines"})
        tier.discount_ids = [Command.create({"categ_id": category.id, "discount": 3})]
        ladder.action_start()
        dealer = cls.env["b2b2c.ladder.standing"].create(
            {"ladder_id": ladder.id, "partner_id": cls.client.id}
        )
        cls.env["b2b2c.ladder.contract"].create(
            {
                "standing_id": dealer.id,
                "tier_id": tier.id,
                "date_to": "2099-12-31",
                "reason": "Test",
            }
        )

    @classmethod
    def _create_exception(cls):
        """Let a price below the tier be asked for and approved."""
        order = cls._create_order(confirm=False)
        exception = cls.env["b2b2c.price.exception"].browse(
            order.action_b2b2c_exception()["res_id"]
        )
        exception.reason = "Test"
        exception.line_ids.price = 1
        exception.action_request()
        exception._approve(cls.users["officer"])

    @classmethod
    def _create_voucher(cls):
        """Let a participant have a voucher, and look at it."""
        patcher = use_key(KEY)
        patcher.start()
        cls.addClassCleanup(patcher.stop)
        pool = cls.env["b2b2c.voucher.pool"].create(
            {"name": "Cinema", "partner_id": cls.client.id}
        )
        cls.env["b2b2c.voucher.import"].create(
            {"pool_id": pool.id, "upload": base64.b64encode(b"Code\nABCD-1234")}
        ).action_import()
        reward = cls.env["b2b2c.reward"].create(
            {
                "name": "Ticket",
                "points": 1,
                "kind": "voucher",
                "voucher_pool_id": pool.id,
            }
        )
        request = cls.env["b2b2c.redemption"]._request(
            cls.member, reward, request_key="voucher"
        )
        request._show_vouchers(cls.env.user)

    @classmethod
    def _create_payout(cls):
        """Let money be on its way, told to the bank by a file."""
        cls.company.b2b2c_payout_trusted = False
        cls.unit.with_company(cls.company).face_value = 1
        payouts = cls.env["b2b2c.payout"]
        journal = payouts._get_bank_journal(cls.company)
        journal.bank_account_id = cls.env["res.partner.bank"].create(
            {
                "acc_number": "DE02120300000000202051",
                "partner_id": cls.company.partner_id.id,
            }
        )
        reward = cls.env["b2b2c.reward"].create(
            {"name": "Money", "kind": "payout", "points": 1}
        )
        request = cls.env["b2b2c.redemption"]._request(
            cls.member,
            reward,
            request_key="money",
            answers={"holder": "Olena", "iban": "DE89370400440532013000"},
        )
        payout = request.payout_ids
        payout._move_to("proved", "requested")
        payout._approve(cls.users["officer"])
        cls.env["b2b2c.payout.batch"]._make(
            payout, cls.users["manager"], journal, fields.Date.today(), "csv"
        )

    @classmethod
    def _create_settlement(cls):
        """Settle a sale at a partner, who disputes it."""
        partner = cls.env["res.partner"].create(
            {"name": "Partner", "is_company": True, "email": "p@partner.example"}
        )
        rate = {"unit_id": cls.unit.id, "valid_from": "2020-01-01", "point_value": 1}
        agreement = cls.env["b2b2c.partner.agreement"].create(
            {
                "partner_id": partner.id,
                "starts_on": "2020-01-01",
                "rate_ids": [Command.create({**rate, "earned_percent": 100})],
            }
        )
        agreement.action_activate()
        document = cls.env["res.partner.category"].create({"name": "R-1"})
        cls.env["b2b2c.partner.visit"]._note(
            document, cls.company, partner, "2020-01-02", "R-1"
        )
        cls.member._get_account(cls.unit)._earn(
            1,
            source_key="settled/1",
            document_model=document._name,
            document_id=document.id,
            effective_at="2020-01-02 12:00:00",
        )
        begin, end = map(fields.Date.to_date, ("2020-01-01", "2020-01-31"))
        settlement = cls.env["b2b2c.settlement"]._draft(agreement, begin, end)
        settlement.action_send()
        cls.env["b2b2c.settlement.dispute"]._open(
            settlement.line_ids, "No", cls.users["officer"]
        )

    @classmethod
    def _recommend(cls):
        """Let the member bring a customer by a code."""
        campaign = cls.env["b2b2c.referral.campaign"].create(
            {"name": "Friends", "program_id": cls.program.id}
        )
        cls.env["b2b2c.referral.terms"].create({})
        link = cls.env["b2b2c.referral.link"]._ensure(cls.member, campaign)
        cls.env["b2b2c.referral.touch"]._touch(link, "page")
        friend = cls.env["res.partner"].create({"name": "A Friend"})
        order = cls._create_order(partner_id=friend.id, confirm=False)
        cls.env["b2b2c.referral.use"]._note(order, link, "order", friend)
        order.action_confirm()
        cls.env["b2b2c.event"]._process_now()

    @classmethod
    def _run_contest(cls):
        """Let a contest of one day end, and a recount be asked for."""
        today = get_today(cls.company)
        contest = cls.env["b2b2c.challenge"].create(
            {
                "name": "Contest",
                "kind": "contest",
                "program_id": cls.program.id,
                "moment": "confirmed",
                "first_day": today,
                "last_day": today,
                "grace_hours": 0,
                "review_days": 0,
                "prize_ids": [Command.create({"place_from": 1, "points": 1})],
                "shop_target_ids": [
                    Command.create({"employer_id": cls.client.id, "target": 5})
                ],
            }
        )
        contest.action_start()
        round_ = contest.round_ids
        round_._show_name(cls.member, False)
        cls._create_order()
        cls.env["b2b2c.event"]._process_now()
        round_._fold()
        with freeze_time(round_.date_to):
            round_._advance()
        cls.env["b2b2c.challenge.recount"].create(
            {"round_id": round_.id, "reason": "Test"}
        )

    @classmethod
    def _hand_in_photos(cls):
        """Let somebody hand in a photo and a piece of a video."""
        today = get_today(cls.company)
        criterion = {"name": "Three rows", "max_score": 3}
        sample = {"name": "Shelf", "image": base64.b64encode(jpeg())}
        task = cls.env["b2b2c.challenge"].create(
            {
                "name": "Shelf",
                "kind": "activity",
                "program_id": cls.program.id,
                "first_day": today,
                "last_day": today,
                "photo_min": 0,
                "video_use": "optional",
                "prize_ids": [Command.create({"points": 1})],
                "criterion_ids": [Command.create(criterion)],
                "sample_ids": [Command.create(sample)],
            }
        )
        task.action_start()
        one = cls.env["b2b2c.activity.submission"]._begin(task, cls.member)
        one._add_photo(jpeg())
        one._hand_in({})
        video = cls.env["b2b2c.activity.video"].create(
            {
                "submission_id": one.id,
                "company_id": one.company_id.id,
                "token": "t",
                "size": 3,
            }
        )
        cls.env["b2b2c.activity.piece"]._add(video, 0, "d", b"abc")

    @classmethod
    def _create_request(cls):
        """Let somebody wait to join."""
        invitation = cls.env["b2b2c.invitation"].create(
            {"employer_id": cls.client.id, "approval": "manager", "role": "employee"}
        )
        request = cls.env["b2b2c.join"]._start(
            invitation, JoinInput("Ivan", "ivan@example.com"), lang="en_US", address=""
        )
        request.email_ok = True
        request._finish()

    @classmethod
    def _create_presentation(cls):
        """Hold a presentation that somebody attends, and be trained by it."""
        training = cls.env["b2b2c.challenge"].create(
            {
                "name": "Presented",
                "kind": "training",
                "training_way": "presentation",
                "min_attendees": 1,
                "program_id": cls.env["b2b2c.program"]
                .search([("state", "=", "running")], limit=1)
                .id,
                "prize_ids": [Command.create({"points": 5})],
            }
        )
        training.action_start()
        presentation = cls.env["b2b2c.presentation"].create(
            {
                "name": "The catalogue",
                "place": "Office",
                "starts_at": fields.Datetime.now(),
                "ends_at": fields.Datetime.add(fields.Datetime.now(), hours=1),
                "challenge_id": training.id,
                "member_id": cls.member.id,
                "employer_id": cls.client.id,
                "photo_digest": "x",
            }
        )
        guest = cls._create_member(name="Guest", email="guest@example.com", phone=False)
        code, _seconds = presentation._get_code()
        cls.env["b2b2c.presentation.attendee"]._confirm(guest, code)
        presentation._close()
        cls.env["b2b2c.training.attempt"]._process_now()

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    @classmethod
    def _create_milestone(cls, reward):
        """Sell for the first time in a program that grants a reward for it."""
        cls._create_program(
            {
                "kind": "fixed",
                "value": 1,
                "scope": "document",
                "milestone": "only",
            },
            grant_reward_id=reward.id,
        )
        cls._create_order()
        cls.env["b2b2c.event"]._process_now()

    @classmethod
    def _chat(cls):
        """Let the participant have a chat, ask a person there, and get a broadcast."""
        channel = cls.env["b2b2c.chat.channel"].create(
            {"name": "Bot", "kind": "telegram", "account": "rights_bot"}
        )
        link = cls.env["b2b2c.chat.link"].create(
            {
                "channel_id": channel.id,
                "external_user": "77",
                "chat": "77",
                "partner_id": cls.member.partner_id.id,
                "state": "active",
            }
        )
        link._ask_person("Help")
        cls.env["b2b2c.chat.broadcast"].create({"name": "News", "text": "News"})

    def _row(self, model):
        """Return a row of the model, as superuser."""
        row = self.env[model].search([], limit=1, order="id desc")
        self.assertTrue(row, model)
        return row

    def _can(self, operation, model, user):
        """Tell whether a user may do an operation on an existing row."""
        row = self._row(model).with_user(user)
        try:
            if operation == "r":
                row.read(["display_name"])
            elif operation == "c":
                row.browse().check_access("create")
            else:
                row.check_access({"w": "write", "u": "unlink"}[operation])
        except AccessError:
            return False
        return True


@tagged("post_install", "-at_install")
class TestRights(RightsCommon):
    def test_strangers_cannot_even_read(self):
        for model in (*LEDGER, *REPORTS, *TERMS):
            for name in STRANGERS:
                with self.subTest(model=model, user=name):
                    may = name == "salesman" and model in OF_SELLERS
                    self.assertIs(self._can("r", model, self.users[name]), may)

    def test_user_without_sales_rights_reads_every_field(self):
        """What screens show must not need rights on the documents behind."""
        inner = {"b2b2c.account.delta", *UNREAD}
        inner |= {"b2b2c.seal", "b2b2c.seal.head"}  # for auditors
        shown = {m for m in LEDGER if not m.startswith("b2b2c.stat.")} - inner
        shown |= {model for model, rights in TERMS.items() if rights["user"]}
        for model in sorted(shown | set(REPORTS)):
            with self.subTest(model=model):
                self._row(model).with_user(self.users["user"]).read()

    def test_auditors_read_the_books_and_write_nothing(self):
        auditor = self.users["auditor"]
        for model in (*LEDGER, *REPORTS, *TERMS, "b2b2c.program"):
            with self.subTest(model=model):
                found = "".join(op for op in "rwcu" if self._can(op, model, auditor))
                self.assertEqual(found, "r" if model in OF_AUDITORS else "")
                if found:
                    self._row(model).with_user(auditor).read()

    def test_who_verifies_the_books(self):
        for name in ("auditor", "manager"):
            accounts = self.env["b2b2c.account"].with_user(self.users[name])
            action = accounts.action_verify_all()
            self.assertEqual(action["tag"], "display_notification")
        for name in ("salesman", "operator", "user", "officer"):
            accounts = self.env["b2b2c.account"].with_user(self.users[name])
            with self.subTest(user=name), self.assertRaises(UserError):
                accounts.action_verify_all()
        with self.assertRaises(UserError):
            self.env["b2b2c.account"].with_user(
                self.users["auditor"]
            ).action_rebuild_all()

    def test_nobody_writes_the_ledger(self):
        """Create, write and unlink are refused to every group, by rights and code."""
        for model in LEDGER:
            for name, user in self.users.items():
                row = self._row(model).with_user(user)
                with self.subTest(model=model, user=name):
                    with self.assertRaises(UserError):
                        row.create({})
                    with self.assertRaises(UserError):
                        row.write({"points": 1e6})
                    with self.assertRaises(UserError):
                        row.unlink()

    def test_nobody_has_the_right_to_write_the_ledger(self):
        for model in LEDGER:
            for name, user in self.users.items():
                for operation in "wcu":
                    with self.subTest(model=model, user=name, operation=operation):
                        self.assertFalse(self._can(operation, model, user))

    def test_terms_belong_to_managers(self):
        for model, rights in TERMS.items():
            for name in LOYAL:
                found = "".join(
                    op for op in "rwcu" if self._can(op, model, self.users[name])
                )
                with self.subTest(model=model, user=name):
                    self.assertEqual(found, rights[name])

    def test_no_one_mints_by_a_rule(self):
        for name in ("user", "officer"):
            with self.subTest(user=name), self.assertRaises(AccessError):
                self.program.rule_ids[0].with_user(self.users[name]).sequence = 1

    def test_events_are_not_redirected(self):
        event = self._events(self.order)[0].with_user(self.users["manager"])
        for values in ({"source_id": 1}, {"state": "new"}, {"actor_id": 1}):
            with self.subTest(values=values), self.assertRaises(UserError):
                event.write(values)

    def test_members_are_not_redirected(self):
        member = self.member.with_user(self.users["user"])
        other = self._create_member(name="Petro", email="p@example.com")
        for values in (
            {"merged_into_id": other.id},
            {"state": "merged"},
            {"partner_id": other.partner_id.id},
            {"employer_id": self.contact.id},
            {"enrolled_at": "2000-01-01"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                member.write(values)

    def test_enrolment_for_the_past_is_for_managers(self):
        with self.assertRaises(UserError):
            self.env["b2b2c.member"].with_user(self.users["user"]).create(
                {
                    "partner_id": self.env["res.partner"]
                    .create({"name": "Ivan", "email": "i@example.com"})
                    .id,
                    "employer_id": self.client.id,
                    "enrolled_at": "2020-01-01",
                }
            )

    def test_reversal_is_for_managers(self):
        entry = self.by_hand.entry_id
        wizard = self.env["b2b2c.entry.reverse"]
        for name in ("salesman", "portal", "user", "officer"):
            with self.subTest(user=name), self.assertRaises(UserError):
                wizard.with_user(self.users[name]).create(
                    {"entry_id": entry.id, "points": 1, "reason": "Test"}
                ).action_reverse()
        wizard.with_user(self.users["manager"]).create(
            {"entry_id": entry.id, "points": 1, "reason": "Test"}
        ).action_reverse()
        self.assertEqual(self._entries("reverse").points, -1)

    def test_transfer_is_for_managers(self):
        other = self._create_member(name="Petro", email="p@example.com")
        values = {
            "account_id": self._account().id,
            "target_member_id": other.id,
            "points": 5,
            "reason": "Test",
        }
        wizard = self.env["b2b2c.account.transfer"]
        for name in ("salesman", "portal", "user", "officer"):
            with self.subTest(user=name), self.assertRaises(UserError):
                wizard.with_user(self.users[name]).create(values).action_transfer()
        opened = wizard.with_user(self.users["manager"]).create(values)
        opened.action_transfer()
        opened.action_transfer()  # a double click
        self.assertEqual(self._balances(other), (5, 0, 0))

    def test_salesman_can_confirm_without_loyalty_rights(self):
        order = self._create_order(confirm=False)
        order.with_user(self.users["salesman"]).action_confirm()
        self.assertEqual(len(self._events(order)), 1)
        order.with_user(self.users["salesman"]).read(["b2b2c_entry_count"])


class ForeignerCommon(RightsCommon):
    """A manager of another company, who has nothing to do with this one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.foreigner = cls._create_user("foreigner", "loyalty_b2b2c.group_manager")
        cls.foreigner.write(
            {
                "company_ids": [Command.set(cls.other.ids)],
                "company_id": cls.other.id,
            }
        )


@tagged("post_install", "-at_install")
class TestCompanies(ForeignerCommon):
    """A manager of another company sees nothing of this one."""

    def test_rows_of_another_company_are_invisible(self):
        """Every model of ours, those without a row in these lists included."""
        seen = []
        for model in sorted(self.env.registry):
            rows = self.env[model].with_user(self.foreigner)
            if not model.startswith("b2b2c.") or rows._abstract or rows._transient:
                continue
            if not rows.has_access("read") or not rows.sudo().search([], limit=1):
                continue
            seen.append(model)
            with self.subTest(model=model):
                found = {row.id for row in rows.search([])}
                others = model not in SHARED and found
                self.assertFalse(others)
        listed = {*LEDGER, *REPORTS, *TERMS} - set(UNREAD)
        self.assertFalse(listed - {*seen, *SHARED})

    def test_no_rule_lets_rows_of_no_company_through(self):
        rules = self.env["ir.rule"].search([("model_id.model", "like", "b2b2c.%")])
        open_rules = rules.filtered(lambda r: "False" in (r.domain_force or ""))
        self.assertEqual(open_rules.model_id.mapped("model"), ["b2b2c.unit"])

    def test_events_know_the_company_of_their_document(self):
        events = self.env["b2b2c.event"].search([])
        self.assertTrue(events)
        self.assertEqual(events.company_id, self.company)
        theirs = self.env["b2b2c.event"].with_user(self.foreigner)
        self.assertFalse(theirs.search_read([], ["document_name"]))
        with self.assertRaises(AccessError):
            theirs.browse(events[0].id).read(["document_name"])

    def test_a_document_that_is_gone_leaves_an_event_of_this_company(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        gone_id = gone.id
        gone.unlink()
        events = self.env["b2b2c.event"].with_company(self.other)
        events._insert_events("res.partner", [gone_id])
        event = events.search([("source_model", "=", "res.partner")])
        self.assertEqual(event.company_id, self.other)

    def test_rows_of_another_company_are_unreadable(self):
        for row in (self._account(), self._entries()[0], self.member, self.program):
            with self.subTest(model=row._name), self.assertRaises(AccessError):
                row.with_user(self.foreigner).read(["display_name"])

    def test_wizards_do_not_reach_over(self):
        with self.assertRaises(UserError):
            self.env["b2b2c.entry.reverse"].with_user(self.foreigner).create(
                {"entry_id": self._entries()[0].id, "points": 1, "reason": "Test"}
            ).action_reverse()

    def test_points_do_not_cross_companies(self):
        elsewhere = self._create_member(
            partner_id=self.member.partner_id.id, company_id=self.other.id
        )
        with self.assertRaises(UserError):
            self._account()._transfer(
                elsewhere._get_account(self.unit), 1, source_key="t/1"
            )


@tagged("post_install", "-at_install")
class TestPublicSurface(RightsCommon):
    """Every public method of a model is a remote API in Odoo."""

    maxDiff = None

    def test_only_listed_methods_are_public(self):
        found = {}
        for model in sorted(self.env.registry):
            if model.startswith("b2b2c."):
                names = self._get_public(model) - CORE
                if names:
                    found[model] = names
        self.assertEqual(found, PUBLIC)

    def test_only_actions_are_added_to_core_models(self):
        for model in ("sale.order", "sale.order.line", "account.move", "res.partner"):
            added = {n for n in self._get_public(model) if "b2b2c" in n}
            self.assertEqual({n for n in added if not n.startswith("action_")}, set())

    def test_strangers_change_nothing_by_calling_them(self):
        """Every listed method, called on an existing row by who has no rights."""
        for name in STRANGERS:
            for model, methods in PUBLIC.items():
                if self.env[model]._abstract:
                    # its own models are in the list; terminal: see test_terminal
                    continue
                for method in methods - self._get_harmless(model):
                    with self.subTest(user=name, model=model, method=method):
                        rows = self.env[model].with_user(self.users[name])
                        rows = rows.browse(self._existing(model).ids)
                        with self.assertRaises(UserError):
                            getattr(rows, method)()
        self.assertEqual(self.member.state, "enrolled")
        self.assertEqual(self.program.state, "running")

    def _get_public(self, model):
        """Return the names of our methods that RPC would call on a model."""
        found = set()
        for klass in type(self.env[model]).__mro__:
            if not klass.__module__.startswith("odoo.addons.loyalty_b2b2c"):
                continue
            for name, value in vars(klass).items():
                if name.startswith("_") or not callable(value):
                    continue
                try:
                    get_public_method(self.env[model], name)
                except (AccessError, AttributeError):
                    continue
                found.add(name)
        return found

    def _get_harmless(self, model):
        """Return the methods that only open a screen: its rows have their rights."""
        return {n for n in PUBLIC[model] if n.startswith("action_open_")}

    def _existing(self, model):
        if self.env[model]._transient:
            return self.env[model].browse(1)
        return self._row(model)
