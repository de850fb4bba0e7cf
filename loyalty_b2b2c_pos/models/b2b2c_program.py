from odoo import models

from odoo.addons.loyalty_b2b2c.models.mechanics.mechanic import NextStep


class B2b2cProgram(models.Model):
    """Programs that reward tickets need a till."""

    _inherit = "b2b2c.program"

    def _get_next_steps(self):
        steps = super()._get_next_steps()
        if self._counts_kind("pos.order"):
            steps.append(self._get_till_step())
        return steps

    def _get_till_step(self):
        tills = (
            self.env["pos.config"]
            .sudo()
            .search_count([("company_id", "=", self.company_id.id)])
        )
        return NextStep(
            code="tills",
            order=20,
            label=self.env._("Have a till"),
            note=self.env._("Tills: %s", tills),
            is_done=bool(tills),
            button=self.env._("Open the Tills"),
            act=lambda: self.env["ir.actions.act_window"]._for_xml_id(
                "point_of_sale.action_pos_config_kanban"
            ),
        )
