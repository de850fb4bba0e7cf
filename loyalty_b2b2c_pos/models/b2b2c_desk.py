from odoo import api, models

from odoo.addons.loyalty_b2b2c.models.base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="sellers",
                section="people",
                label=self.env._("Sellers at tills who take no part yet"),
                model="b2b2c.till.seller",
                domain=(("waiting_ids", "!=", False),),
                action="loyalty_b2b2c_pos.b2b2c_till_seller_action",
                filter="waiting",
                icon="fa-id-badge",
            ),
        ]
