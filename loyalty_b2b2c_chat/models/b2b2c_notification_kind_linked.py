from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.loyalty_b2b2c.models.base.days import word_moment
from odoo.addons.loyalty_b2b2c.models.messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_headline(message):
    channel = (message.details or {}).get("channel", "")
    return message.env._("A chat was connected with your points: %s", channel)


def _word_sentences(message):
    linked_at = message.create_date
    return [
        message.env._(
            "On %s somebody connected it who was signed in as you.",
            word_moment(message.env, linked_at),
        ),
        message.env._(
            "It was not you? Disconnect it: %s",
            message.company_id._get_rewards_url("preferences"),
        ),
    ]


def _word_short(message):
    return message.env._(
        "%(company)s: a chat (%(channel)s) was connected with your points. It was not "
        "you? %(link)s",
        company=message.company_id.name,
        channel=(message.details or {}).get("channel", ""),
        link=message.company_id._get_rewards_url("preferences"),
    )


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "chat_linked": Kind(
        label=_lt("Chat connected"),
        headline=_word_headline,
        sentences=_word_sentences,
        short_text=_word_short,
        tone="warning",
        is_digested=False,
        channels=("email", "sms"),  # whoever has the chat must not be the only one
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What a person is told whose chat was connected: on ways that are not the chat."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
