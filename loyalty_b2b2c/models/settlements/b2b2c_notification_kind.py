from odoo import api, models
from odoo.tools import format_amount
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_sums(message):
    """Return what a settlement comes to, for the partner."""
    settlement, env = message._get_record(), message.env
    if not settlement:
        return []
    currency = settlement.currency_id
    sentences = [
        env._(
            "For points people earned at yours you owe %(owes)s, for what they paid "
            "with points we owe you %(owed)s.",
            owes=format_amount(env, settlement.earned_amount, currency),
            owed=format_amount(env, settlement.owed_amount, currency),
        ),
        env._("Please look at it, and agree or say what is wrong, on your page."),
    ]
    days = settlement.agreement_id._get_silence_days()
    if days:
        sentences.append(
            env._("If we hear nothing within %s days, it counts as agreed.", days)
        )
    return sentences


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "settlement_sent": Kind(
        label=_lt("Settlement sent"),
        headline=lambda message: message.env._(
            "Your settlement: %s", message.document_name
        ),
        sentences=_word_sums,
        is_digested=False,
        mail_template="loyalty_b2b2c.mail_template_settlement",
        mail_layout="mail.mail_notification_light",
        channels=("email",),  # money is agreed by whoever read it
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What partners hear about settlements."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
