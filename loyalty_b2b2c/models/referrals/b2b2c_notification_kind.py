from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_invited(message):
    return message.env._("%s invites you to recommend", message.company_id.name)


def _explain_invited(message):
    invitation, env = message._get_record(), message.env
    return [
        env._(
            "You get a code and a link. Who buys with it may pay less, and you earn "
            "from what is bought: never for bringing somebody, and it costs you "
            "nothing."
        ),
        env._("Join here: %s", invitation.link),
    ]


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "referral_invited": Kind(
        label=_lt("Invitation to recommend"),
        headline=_word_invited,
        sentences=_explain_invited,
        is_digested=False,
        channels=("email",),
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What people hear who are asked to recommend."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
