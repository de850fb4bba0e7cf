from odoo import api, models
from odoo.tools.translate import LazyTranslate

from ..messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)


def _word_with_link(message):
    """Return the SMS that says where the voucher is; never the code itself."""
    request = message._get_record()
    return message.env._(
        "%(company)s: your voucher “%(reward)s” is here: %(link)s",
        company=message.company_id.name,
        reward=message.document_name,
        link=request._get_voucher_url(),
    )


#: Stored value -> kind; stored values are for ever.
KINDS = {
    "voucher": Kind(
        label=_lt("Voucher, sent again"),
        headline=lambda message: message.env._(
            "Your voucher: %s", message.document_name
        ),
        sentences=lambda message: [
            message.env._("Open it on the page with your rewards.")
        ],
        short_text=_word_with_link,
        mail_template="loyalty_b2b2c.mail_template_voucher",
        is_digested=False,
        tone="good",
    )
}


class B2b2cNotificationKind(models.AbstractModel):
    """What participants hear who do not find their voucher."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}
