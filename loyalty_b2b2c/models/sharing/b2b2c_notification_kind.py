from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_recommendation(message):
    """Return the SMS that goes to who agreed to such messages."""
    link = message._get_record()
    return message.env._(
        "%(company)s: %(name)s recommends: %(offer)s. %(link)s",
        company=message.company_id.name,
        name=link.shown_name or message.env._("Somebody you know"),
        offer=link.campaign_id._word_title(),
        link=f"{link.url}?c=sms",
    )


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "recommended": Kind(
        label=_lt("Recommended by somebody"),
        headline=lambda message: message.env._(
            "%s recommends something to you",
            message._get_record().shown_name or message.env._("Somebody you know"),
        ),
        sentences=lambda message: [message._get_record()._word_offer()],
        short_text=_word_recommendation,
        topic="recommended",
        is_digested=False,
    )
}


class B2b2cNotificationKind(models.AbstractModel):
    """What people who agreed to it hear of recommendations by others."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}

    @api.model
    def _get_topics(self):
        return {
            **super()._get_topics(),
            "recommended": _lt("What others recommend to you"),
        }
