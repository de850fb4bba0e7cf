from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)

#: So long a code that stands for a card is valid.
CODE_MINUTES = 10


def _word_code(message):
    """Return the SMS with a code; the code is in the context and nowhere else."""
    return message.env._(
        "%(company)s: tell the cashier %(code)s. It is valid for %(minutes)s minutes "
        "and names you at the till, as your card does.",
        company=message.company_id.name,
        code=message.env.context["card_code"],
        minutes=CODE_MINUTES,
    )


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "card_code": Kind(
        label=_lt("Code instead of the card"),
        headline=lambda message: message.env._("A code instead of your card"),
        short_text=_word_code,
        is_digested=False,
        is_urgent=True,
        secret_minutes=CODE_MINUTES,
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What participants get who have no card with them."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
