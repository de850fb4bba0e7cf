from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..base.days import word_day
from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _get_name(message):
    """Return what the training of a message is called."""
    return message._get_record().challenge_id.with_env(message.env).name


def _word_passed(message):
    """Return until when a training is good."""
    until = message._get_record().valid_until
    if not until:
        return []
    return [message.env._("It is valid until %s.", word_day(message.env, until))]


def _word_lapsing(message):
    until = message._get_record().valid_until
    return [
        message.env._(
            "It is valid until %s. Pass it again in time.",
            word_day(message.env, until),
        )
    ]


def _word_reason(message):
    reason = message._get_record().reason
    return [message.env._("Why: %s", reason)] if reason else []


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "training_passed": Kind(
        label=_lt("Training passed"),
        headline=lambda message: message.env._("You passed: %s", _get_name(message)),
        sentences=_word_passed,
        topic="training",
        tone="good",
    ),
    "training_held": Kind(
        label=_lt("Training looked at"),
        headline=lambda message: message.env._(
            "%s: somebody looks at it first", _get_name(message)
        ),
        topic="training",
    ),
    "training_withdrawn": Kind(
        label=_lt("Training does not count"),
        headline=lambda message: message.env._("%s does not count", _get_name(message)),
        sentences=_word_reason,
        tone="bad",
    ),
    "training_lapsing": Kind(
        label=_lt("Training about to lapse"),
        headline=lambda message: message.env._("%s lapses soon", _get_name(message)),
        sentences=_word_lapsing,
        topic="training",
        tone="warning",
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What participants hear about their trainings."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}

    @api.model
    def _get_topics(self):
        return {**super()._get_topics(), "training": _lt("Trainings and certificates")}
