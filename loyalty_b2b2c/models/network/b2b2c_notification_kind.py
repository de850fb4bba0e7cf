from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_what(message):
    """Return what people may do at the partner now."""
    agreement = message._get_record()
    if not agreement:
        return []
    env = message.env
    sentences = []
    if agreement.can_earn:
        sentences.append(env._("People earn points in your shops."))
    if agreement.can_spend:
        sentences.append(env._("People pay with points in your shops."))
    return sentences


def _word_kept(message):
    return [message.env._("What was sold until then is settled as agreed.")]


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "agreement_active": Kind(
        label=_lt("Agreement in force"),
        headline=lambda message: message.env._(
            "Your agreement about points with %s is in force", message.document_name
        ),
        sentences=_word_what,
        tone="good",
        is_digested=False,
        channels=("email",),
    ),
    "agreement_paused": Kind(
        label=_lt("Agreement paused"),
        headline=lambda message: message.env._(
            "Your agreement about points with %s is paused", message.document_name
        ),
        sentences=_word_kept,
        tone="warning",
        is_digested=False,
        channels=("email",),
    ),
    "agreement_ended": Kind(
        label=_lt("Agreement ended"),
        headline=lambda message: message.env._(
            "Your agreement about points with %s has ended", message.document_name
        ),
        sentences=_word_kept,
        tone="warning",
        is_digested=False,
        channels=("email",),
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What partners hear about their agreements."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
