from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_reason(message):
    """Return why, in the words the reviewer chose."""
    reason = (message.details or {}).get("reason")
    return [reason] if reason else []


def _word_again(message):
    """Return why, and that it can be handed in again."""
    again = message.env._("Put it right and hand it in again.")
    return [*_word_reason(message), again]


def _get_task(message):
    return (message.details or {}).get("task", "")


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "activity_accepted": Kind(
        label=_lt("Photo task accepted"),
        headline=lambda message: message.env._(
            "What you handed in was accepted: %s", _get_task(message)
        ),
        topic="challenges",
        tone="good",
    ),
    "activity_sent_back": Kind(
        label=_lt("Photo task sent back"),
        headline=lambda message: message.env._(
            "Please look at it again: %s", _get_task(message)
        ),
        sentences=_word_again,
        topic="challenges",
        tone="warning",
        is_digested=False,
    ),
    "activity_refused": Kind(
        label=_lt("Photo task refused"),
        headline=lambda message: message.env._(
            "What you handed in was not accepted: %s", _get_task(message)
        ),
        sentences=_word_reason,
        topic="challenges",
        tone="bad",
    ),
    "activity_cancelled": Kind(
        label=_lt("Prize of a photo task taken back"),
        headline=lambda message: message.env._(
            "The prize was taken back: %s", _get_task(message)
        ),
        sentences=_word_reason,
        topic="challenges",
        tone="bad",
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What participants hear about what they handed in."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
