from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_collect(message):
    env, place = message.env, (message.details or {}).get("note")
    return [
        *([env._("Collect it at: %s", place)] if place else []),
        env._("Show the code of your request there."),
    ]


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "ready_to_collect": Kind(
        label=_lt("Reward ready to collect"),
        headline=lambda message: message.env._(
            "Ready to collect: %s", message.document_name
        ),
        sentences=_word_collect,
        topic="rewards",
        tone="good",
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What participants hear about goods that wait for them."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
