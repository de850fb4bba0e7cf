from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_details(message):
    """Return what the prize was for, or why it is gone."""
    details = message.details or {}
    return [details[name] for name in ("reason", "answer") if details.get(name)]


def _word(message, name):
    """Return a word of the moment, empty where there is none."""
    return (message.details or {}).get(name, "")


def _word_place(message):
    """Return which place somebody has now."""
    details = message.details or {}
    is_better = details.get("rank", 0) < details.get("before", 0)
    values = {"challenge": _word(message, "challenge"), "rank": details.get("rank")}
    if is_better:
        return message.env._("“%(challenge)s”: up to place %(rank)s", **values)
    return message.env._("“%(challenge)s”: down to place %(rank)s", **values)


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
    "challenge_started": Kind(
        label=_lt("Challenge started"),
        headline=lambda message: message.env._(
            "New for you: “%s”", _word(message, "challenge")
        ),
        sentences=lambda message: (message.details or {}).get("sentences", []),
        topic="challenges",
    ),
    "challenge_near": Kind(
        label=_lt("Prize nearly reached"),
        headline=lambda message: message.env._(
            "%(missing)s more for %(prize)s",
            missing=_word(message, "missing"),
            prize=_word(message, "prize"),
        ),
        sentences=lambda message: [_word(message, "challenge")],
        topic="challenges",
    ),
    "challenge_place": Kind(
        label=_lt("Another place in a contest"),
        headline=_word_place,
        topic="challenges",
    ),
    "challenge_over": Kind(
        label=_lt("Challenge over"),
        headline=lambda message: message.env._(
            "“%s” is over", _word(message, "challenge")
        ),
        sentences=_word_details,
        topic="challenges",
    ),
    "challenge_late": Kind(
        label=_lt("Too late for a challenge"),
        headline=lambda message: message.env._(
            "%(document)s does not count in “%(challenge)s”",
            document=_word(message, "document"),
            challenge=_word(message, "challenge"),
        ),
        sentences=lambda message: [
            message.env._("It reached us when the hours of grace were over.")
        ],
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
