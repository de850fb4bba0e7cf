from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)

#: So long a code that confirms a payment in points is valid.
CODE_MINUTES = 5


def _word_code(message):
    """Return the SMS with a code; the code is in the context and nowhere else."""
    details = message.details or {}
    return message.env._(
        "%(company)s: %(code)s confirms that you pay %(amount)s in points at "
        "%(place)s. It is valid for %(minutes)s minutes. Tell it only to the cashier "
        "before you.",
        company=message.company_id.name,
        code=message.env.context["spend_code"],
        amount=details.get("amount", ""),
        place=details.get("place", ""),
        minutes=CODE_MINUTES,
    )


def _word_pin(message):
    return [
        message.env._(
            "If it was not you, somebody else is signed in as you: change your "
            "password, and choose the PIN anew."
        )
    ]


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "spend_code": Kind(
        label=_lt("Code to pay in points"),
        headline=lambda message: message.env._("A code to pay in points"),
        short_text=_word_code,
        mail_template="loyalty_b2b2c.mail_template_spend_code",
        is_digested=False,
        is_urgent=True,
        secret_minutes=CODE_MINUTES,
    ),
    "spend_pin": Kind(
        label=_lt("PIN chosen"),
        headline=lambda message: message.env._("Your PIN for points was chosen"),
        sentences=_word_pin,
        tone="warning",
        is_digested=False,
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What participants hear when they prove that it is they who spend."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
