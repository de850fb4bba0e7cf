from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)

#: So long a one-time code is valid.
CODE_MINUTES = 15


def _word_code(message):
    """Return the SMS with a code; the code is in the context and nowhere else."""
    return message.env._(
        "%(company)s: your code is %(code)s. It is valid for %(minutes)s minutes. "
        "Do not pass it on.",
        company=message.company_id.name,
        code=message.env.context["join_code"],
        minutes=CODE_MINUTES,
    )


def _word_waiting(message):
    request = message._get_record()
    if not request:
        return message.env._("Somebody wanted to join")
    return message.env._(
        "%(name)s wants to join at %(shop)s",
        name=request._get_quoted_name(),
        shop=request.employer_id.name,
    )


def _word_decision(message):
    request = message._get_record()
    shop = request.employer_id.name or message.company_id.name
    if request.state == "joined":
        return message.env._("%s: you take part now", shop)
    return message.env._("%s: your request to join was refused", shop)


def _word_decision_with_link(message):
    request = message._get_record()
    shop = request.employer_id.name or message.company_id.name
    if request.state == "joined":
        return message.env._(
            "%(shop)s: you take part now. Go on here: %(link)s",
            shop=shop,
            link=request._get_next_link(),
        )
    return message.env._("%s: your request to join was refused.", shop)


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "join_code": Kind(
        label=_lt("Code to join"),
        headline=lambda message: message.env._("A code to join"),
        short_text=_word_code,
        mail_template="loyalty_b2b2c.mail_template_join_code",
        is_digested=False,
        is_urgent=True,
        secret_minutes=CODE_MINUTES,
    ),
    "join_waiting": Kind(
        label=_lt("Somebody wants to join"),
        headline=_word_waiting,
        mail_template="loyalty_b2b2c.mail_template_join_waiting",
        is_digested=False,
        channels=("email",),  # an owner has to decide
    ),
    "join_decision": Kind(
        label=_lt("Decision about joining"),
        headline=_word_decision,
        short_text=_word_decision_with_link,
        mail_template="loyalty_b2b2c.mail_template_join_decision",
        is_digested=False,
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What people hear who join by themselves, and who decides about them."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
