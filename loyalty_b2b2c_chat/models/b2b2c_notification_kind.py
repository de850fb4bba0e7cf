from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: What participants decline broadcasts by.
TOPIC = "announcements"


class B2b2cNotificationKind(models.AbstractModel):
    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_topics(self):
        return {**super()._get_topics(), TOPIC: _lt("News of the company")}
