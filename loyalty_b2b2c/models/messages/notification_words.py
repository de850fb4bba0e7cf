"""Words of the messages about points, in the reader's language.

The same words stand in the e-mail, the SMS, a digest, the back office and on the open
portal page.  Functions take a ``b2b2c.notification`` whose context says the language.
"""

from decimal import Decimal

from odoo import fields

from ..base.days import word_day
from ..programs import explanation

# reasons of the engine that a participant should hear without asking
_TOLD = ("undone", "capped")


def headline(message):
    """Return what happened, in one line."""
    env = message.env
    values = {
        "points": message.points_text,
        "document": message.document_name or env._("a deleted document"),
    }
    return {
        "credited": env._("+%(points)s for %(document)s", **values),
        "pending": env._("%(points)s for %(document)s are on the way", **values),
        "usable": env._("%(points)s for %(document)s are now yours to use", **values),
        "reversed": env._("%(points)s for %(document)s were taken back", **values),
        "voided": env._("%(points)s for %(document)s will not be credited", **values),
        "expiring": env._("%s expire soon", message.points_text),
        "expired": env._("%s expired", message.points_text),
    }[message.kind]


def sentences(message):
    """Return what else the participant should know, one sentence per item."""
    return [*_SENTENCES[message.kind](message), *_told_reasons(message)]


def _credited(message):
    env = message.env
    texts = [env._("They are yours to use now.")]
    if message.points_pending > 0:
        pending = message._format(message.points_pending)
        texts.append(env._("Another %s are on the way.", pending))
        texts += _awaited(message)
    return texts


def _pending(message):
    return _awaited(message)


def _awaited(message):
    """Return what pending points wait for, and until when."""
    env = message.env
    hold = _basis(message, "hold")
    texts = []
    if hold == "until_paid":
        texts.append(env._("You can use them as soon as the invoice is paid."))
    if hold == "until_delivered_paid":
        texts.append(
            env._("You can use them as soon as the goods are delivered and paid.")
        )
    if message.expected_at:
        texts.append(env._("Expected on %s.", _day(message, message.expected_at)))
    return texts or [env._("You can use them as soon as their condition is met.")]


def _basis(message, name):
    """Return a text of the basis of the entry a message tells of, empty for none."""
    entry = message.entry_id
    basis = entry._get_basis() if entry else None
    return getattr(basis, name) if basis else ""


def _usable(message):
    return [message.env._("Their condition is met: they are no longer pending.")]


def _undone(message):
    texts = []
    if not _basis(message, "cause"):
        texts.append(
            message.env._("The document was cancelled, returned, changed or not paid.")
        )
    debt = message.account_id.balance_debt
    if debt > 0:
        texts.append(
            message.env._(
                "You owe %s: they will be taken from your next points.",
                message._format(debt),
            )
        )
    return texts


def _expiring(message):
    return [
        message.env._(
            "%(points)s can be used until the end of %(day)s.",
            points=message._format(Decimal(item["points"])),
            day=word_day(message.env, item["day"]),
        )
        for item in message.details or []
    ]


def _expired(message):
    return [message.env._("They were not used in time.")]


def _told_reasons(message):
    if message.kind not in ("credited", "pending", "usable", "reversed", "voided"):
        return []
    return explanation.render(
        message.env,
        message.entry_id.explanation,
        codes=_TOLD,
        currency=message.company_id.currency_id,
    )


def _day(message, instant):
    """Return an instant as a day on the reader's clock."""
    local = fields.Datetime.context_timestamp(
        message.with_context(tz=message._get_zone()), instant
    )
    return word_day(message.env, local.date())


_SENTENCES = {
    "credited": _credited,
    "pending": _pending,
    "usable": _usable,
    "reversed": _undone,
    "voided": _undone,
    "expiring": _expiring,
    "expired": _expired,
}
