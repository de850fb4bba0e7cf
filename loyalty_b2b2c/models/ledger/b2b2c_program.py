from odoo import models


class B2b2cProgram(models.Model):
    """What a program booked; from then on its unit cannot change."""

    _inherit = "b2b2c.program"

    def action_open_entries(self):
        """Open the entries this program booked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_ledger_entry_action"
        )
        return dict(action, domain=[("program_id", "=", self.id)], context={})

    def _has_entries(self):
        return super()._has_entries() or bool(
            self.env["b2b2c.ledger.entry"]
            .sudo()
            .search_count([("program_id", "=", self.id)], limit=1)
        )
