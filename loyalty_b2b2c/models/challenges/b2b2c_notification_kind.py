from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_details(message):
    """Return what the prize was for, or why it is gone."""
    details = message.details or {}
    return [details[name] for name in ("reason", "answer") if details.get(name)]


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "challenge_won": Kind(
        label=_lt("Prize won"),
        headline=lambda message: message.env._(
            "You won: %s", (message.details or {}).get("prize", "")
        ),
        sentences=_word_details,
        topic="challenges",
        tone="good",
    ),
    "challenge_lost": Kind(
        label=_lt("Prize taken back"),
        headline=lambda message: message.env._(
            "A prize was taken back: %s", (message.details or {}).get("prize", "")
        ),
        sentences=_word_details,
        topic="challenges",
        tone="bad",
    ),
    "challenge_cancelled": Kind(
        label=_lt("Challenge cancelled"),
        headline=lambda message: message.env._(
            "“%s” was cancelled", (message.details or {}).get("challenge", "")
        ),
        sentences=_word_details,
        topic="challenges",
        tone="warning",
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What participants hear about tasks and contests."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}

    @api.model
    def _get_topics(self):
        return {**super()._get_topics(), "challenges": _lt("Tasks and contests")}
