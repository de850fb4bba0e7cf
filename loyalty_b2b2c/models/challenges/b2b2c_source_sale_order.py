from odoo import models
from odoo.fields import Domain


class B2b2cSourceSaleOrder(models.AbstractModel):
    """Orders say who sold them."""

    _inherit = "b2b2c.source.sale.order"

    def _get_sold_by_domain(self, members):
        return (
            super()._get_sold_by_domain(members)
            | Domain("b2b2c_seller_id", "in", members.ids)
            | Domain("user_id.partner_id", "in", members.partner_id.ids)
        )
