from odoo import api, models

from ..base.b2b2c_desk import Waiting


class B2b2cDesk(models.AbstractModel):
    _inherit = "b2b2c.desk"

    @api.model
    def _get_waiting(self):
        return [
            *super()._get_waiting(),
            Waiting(
                key="pins",
                section="people",
                label=self.env._("Locked PINs"),
                model="b2b2c.pin.try",
                domain=(("is_locked", "=", True),),
                action="loyalty_b2b2c.b2b2c_pin_try_action",
                filter="locked",
                since="last_at",
                icon="fa-lock",
            ),
        ]
