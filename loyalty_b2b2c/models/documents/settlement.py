"""Whether and when invoices were paid, for every document that is invoiced.

Odoo's answer (``payment_state``) is half of it: since 19 a payment that is set to draft
keeps its reconciliation and the invoice still says "paid".  So what an invoice is
reconciled with is looked at too, for a batch of invoices in one statement
(:func:`reading`).
"""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, time
from types import MappingProxyType

import pytz

from odoo.tools import SQL

from ...values import UTC

_UNDONE_PAYMENT = ("draft", "canceled", "rejected")
_READ_MODELS = (
    "account.move",
    "account.move.line",
    "account.partial.reconcile",
    "account.payment",
)
# of the batch of invoices that is being measured, see `reading`
_settlements = ContextVar("b2b2c_settlements", default=MappingProxyType({}))


@contextmanager
def reading(invoices):
    """Read what invoices are reconciled with, once for all questions inside.

    :param invoices: ``account.move`` records; those they reverse are read with them
    """
    token = _settlements.set(get_settlements(invoices))
    try:
        yield
    finally:
        _settlements.reset(token)


def get_settlements(invoices):
    """Return what invoices, and those they reverse, are reconciled with.

    :return: dict invoice id -> list of ``(day, is the counterpart in force?)``
    """
    invoices |= invoices.reversed_entry_id
    settlements = {invoice_id: [] for invoice_id in invoices.ids}
    if not settlements:
        return {}
    env = invoices.env
    for model in _READ_MODELS:
        env[model].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT own.move_id, partial.day,
                   other.move_id = own.move_id
                   OR (move.state = 'posted'
                       AND coalesce(payment.state, '') <> ALL (%(undone)s))
              FROM account_move_line own
              JOIN account_account account ON account.id = own.account_id
               AND account.account_type
                   IN ('asset_receivable', 'liability_payable')
        CROSS JOIN LATERAL (
                   SELECT credit_move_id AS other_id, max_date AS day
                     FROM account_partial_reconcile WHERE debit_move_id = own.id
                UNION ALL
                   SELECT debit_move_id, max_date
                     FROM account_partial_reconcile WHERE credit_move_id = own.id
                   ) partial
              JOIN account_move_line other ON other.id = partial.other_id
              JOIN account_move move ON move.id = other.move_id
         LEFT JOIN account_payment payment ON payment.id = move.origin_payment_id
             WHERE own.move_id = ANY(%(ids)s)
            """,
            ids=invoices.ids,
            undone=list(_UNDONE_PAYMENT),
        )
    )
    for invoice_id, day, in_force in rows:
        settlements[invoice_id].append((day, in_force))
    return settlements


def is_paid(invoice):
    """Tell whether an invoice is really paid, by payments that are in force."""
    if invoice.payment_state not in ("paid", "in_payment"):
        return False
    settlements = _get_settlements_of(invoice)
    if settlements:
        return all(in_force for _day, in_force in settlements)
    # nothing to pay, or a payment method without entries
    return not invoice.amount_total or any(
        payment.state in ("in_process", "paid")
        for payment in invoice.matched_payment_ids
    )


def get_paid_at(invoice):
    """Return when the last payment of an invoice was made."""
    days = [day for day, _in_force in _get_settlements_of(invoice)]
    days = days or invoice.matched_payment_ids.mapped("date")
    return at_day(max(days) if days else invoice.date, invoice.company_id)


def get_invoiced_at(invoice):
    """Return when an invoice was made."""
    return at_day(invoice.invoice_date or invoice.date, invoice.company_id)


def get_due_day(invoices):
    """Return the last day on which one of these invoices that is open is due.

    :return: ``None`` when none of them waits for its payment
    """
    days = [
        invoice.invoice_date_due
        for invoice in invoices
        if invoice.state == "posted"
        and invoice.move_type in ("out_invoice", "out_receipt")
        and invoice.payment_state not in ("paid", "in_payment", "reversed")
        and invoice.invoice_date_due
    ]
    return max(days, default=None)


def at_day(day, company):
    """Return a day of accounting as an instant: now for today, else its noon.

    Accounting knows days only; noon in the company's zone is inside that day in every
    program's zone that is less than half a day away.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    if now.astimezone(get_zone(company)).date() == day:
        return now
    return at_noon(day, company)


def at_noon(day, company):
    """Return the noon of a day in a company's zone."""
    noon = datetime.combine(day, time(12))
    return get_zone(company).localize(noon).astimezone(UTC)


def get_zone(company):
    """Return the time zone of a company."""
    company.partner_id.fetch(("tz",))
    name = company.partner_id.tz
    name = name or company.env["res.users"].context_get().get("tz")  # cached by Odoo
    return pytz.timezone(name or "UTC")


def _get_settlements_of(invoice):
    """Return the settlements of an invoice, read with its batch if there is one."""
    known = _settlements.get()
    if invoice.id not in known:
        known = get_settlements(invoice)
    return known.get(invoice.id, [])
