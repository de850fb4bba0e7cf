from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="owner_orders",
                section="rewards",
                label=self.env._("Goods ordered by shop owners"),
                model="b2b2c.supply.order",
                domain=(("state", "in", ("sent", "accepted")),),
                action="loyalty_b2b2c.b2b2c_supply_order_action",
                filter="open",
                since="sent_at",
                icon="fa-truck",
            ),
        ]
