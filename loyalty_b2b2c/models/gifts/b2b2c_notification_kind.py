from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_gift(message):
    """Return who gave how much; the name is read when somebody reads the message."""
    request = message._get_record()
    return message.env._(
        "%(person)s gave you %(points)s",
        person=request.member_id.name or message.env._("A colleague"),
        points=message.points_text,
    )


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "gift": Kind(
        label=_lt("Points from a colleague"),
        headline=_word_gift,
        topic="points",
        tone="good",
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What participants hear about points they were given."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
