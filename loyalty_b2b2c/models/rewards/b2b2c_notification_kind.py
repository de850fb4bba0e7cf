from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_fulfilled(message):
    spent = message.env._("You spent %s on it.", message.points_text)
    return [*_word_note(message), *([spent] if message.points else [])]


def _word_refused(message):
    free = message.env._("%s are yours to use again.", message.points_text)
    return [*_word_note(message), *([free] if message.points else [])]


def _word_note(message):
    """Return what somebody wrote to the participant about the decision."""
    note = (message.details or {}).get("note")
    return [note] if note else []


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "fulfilled": Kind(
        label=_lt("Reward fulfilled"),
        headline=lambda message: message.env._(
            "Your reward is ready: %s", message.document_name
        ),
        sentences=_word_fulfilled,
        topic="rewards",
        tone="good",
    ),
    "refused": Kind(
        label=_lt("Reward refused"),
        headline=lambda message: message.env._(
            "Your request was refused: %s", message.document_name
        ),
        sentences=_word_refused,
        topic="rewards",
        tone="bad",
    ),
    "returned": Kind(
        label=_lt("Reward returned"),
        headline=lambda message: message.env._(
            "It came back: %s", message.document_name
        ),
        sentences=_word_refused,
        topic="rewards",
        tone="bad",
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What participants hear about the rewards they asked for."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}

    @api.model
    def _get_topics(self):
        return {**super()._get_topics(), "rewards": _lt("Rewards you requested")}
