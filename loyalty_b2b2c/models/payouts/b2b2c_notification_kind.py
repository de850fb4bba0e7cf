from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)

#: So long a code that confirms a payout is valid.
CODE_MINUTES = 5


def _word_code(message):
    """Return the SMS with a code; the code is in the context and nowhere else."""
    payout = message._get_record()
    return message.env._(
        "%(company)s: %(code)s confirms your payout of %(amount)s. It is valid for "
        "%(minutes)s minutes. Do not pass it on.",
        company=message.company_id.name,
        code=message.env.context["payout_code"],
        amount=payout._word_amount(),
        minutes=CODE_MINUTES,
    )


def _word_approved(message):
    account = (message.details or {}).get("account")
    return [message.env._("It goes to your account %s.", account)] if account else []


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "payout_code": Kind(
        label=_lt("Code to confirm a payout"),
        headline=lambda message: message.env._("A code to confirm your payout"),
        short_text=_word_code,
        mail_template="loyalty_b2b2c.mail_template_payout_code",
        is_digested=False,
        is_urgent=True,
        secret_minutes=CODE_MINUTES,
    ),
    "payout_approved": Kind(
        label=_lt("Payout approved"),
        headline=lambda message: message.env._(
            "Your payout was approved: %s", message.document_name
        ),
        sentences=_word_approved,
        topic="rewards",
        tone="good",
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What participants hear about the money they asked for.

    That it was paid or came back they hear as of any reward.
    """

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
