from datetime import timedelta

from odoo import fields, models


class B2b2cSpend(models.Model):
    """Payments that an operator took at the terminal."""

    _inherit = "b2b2c.spend"

    def _await_proof(self):
        """Reserve without a proof: the person has still to read out a code."""
        self._move("held", proved_by=None)

    def _is_cancelled_in_time(self):
        """Tell whether who took this payment may still give it back himself."""
        self.ensure_one()
        minutes = self.company_id.b2b2c_terminal_cancel_minutes
        if self.state != "spent" or self.amount_back:
            return False
        return fields.Datetime.now() < self.settled_at + timedelta(minutes=minutes)
