from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _letter(code, label, tone="news"):
    """Return the kind of a letter: by e-mail, whatever people chose.

    It is worded in the transaction that remembers which tier was told: what is sent
    again later finds the tiers of that moment in its details.
    """
    return Kind(
        label=label,
        headline=_word_headline,
        sentences=_word_sentences,
        tone=tone,
        is_digested=False,
        is_urgent=True,
        channels=("email",),
        mail_template=f"loyalty_b2b2c.mail_template_{code}",
        mail_layout="mail.mail_notification_light",
    )


def _get_standing(message):
    """Return the dealer the letter is about, with what the letter was written for."""
    details = message.details or {}
    return message._get_record().with_context(message_details=details)


def _word_headline(message):
    standing = _get_standing(message)
    if not standing:
        return message.document_name or ""
    words = {"dealer": standing.partner_id.name or "", **standing._get_letter_words()}
    return {
        "dealer_change": message.env._("Your tier is %(tier)s now", **words),
        "dealer_fall": message.env._("Your tier %(before)s ends on %(day)s", **words),
        "seller_change": message.env._("%(dealer)s: %(before)s → %(tier)s", **words),
        "seller_fall": message.env._("%(dealer)s: %(before)s ends on %(day)s", **words),
    }[message.kind]


def _word_sentences(message):
    standing = _get_standing(message)
    words = standing._get_words() if standing else {}
    return [words[name] for name in ("because", "missing", "ahead") if words.get(name)]


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "dealer_change": _letter("dealer_change", _lt("Tier changed")),
    "dealer_fall": _letter("dealer_fall", _lt("Tier about to fall"), tone="warning"),
    "seller_change": _letter("seller_change", _lt("Tier of a dealer changed")),
    "seller_fall": _letter(
        "seller_fall", _lt("Tier of a dealer about to fall"), tone="warning"
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """Letters about tiers, to dealers and to the salespeople who look after them."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
