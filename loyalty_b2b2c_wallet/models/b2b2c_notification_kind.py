from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.loyalty_b2b2c.models.messages.b2b2c_notification_kind import Kind

_lt = LazyTranslate(__name__)

#: Stored value -> kind; stored values are for ever.
KINDS = {
    "order_points": Kind(
        label=_lt("Points spent on an order"),
        headline=lambda message: message.env._(
            "You paid %(points)s for %(order)s",
            points=message.points_text,
            order=message.document_name,
        ),
        topic="orders",
    ),
    "order_points_back": Kind(
        label=_lt("Points of an order came back"),
        headline=lambda message: message.env._(
            "%(points)s of %(order)s are yours to use again",
            points=message.points_text,
            order=message.document_name,
        ),
        topic="orders",
        tone="good",
    ),
}


class B2b2cNotificationKind(models.AbstractModel):
    """What participants hear about points that pay a part of an order."""

    _inherit = "b2b2c.notification.kind"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), **KINDS}

    @api.model
    def _get_topics(self):
        return {**super()._get_topics(), "orders": _lt("Orders you pay with points")}
