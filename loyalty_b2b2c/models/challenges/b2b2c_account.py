from odoo import models

from ..base.rows import update_in_state


class B2b2cAccount(models.Model):
    """Points of a prize that somebody took back by hand."""

    _inherit = "b2b2c.account"

    def _after_reversal(self, entry):
        result = super()._after_reversal(entry)
        awards = self.env["b2b2c.challenge.award"].sudo()
        for award in awards.search(
            [("entry_id", "=", entry.id), ("state", "!=", "taken")]
        ):
            entries = award.entry_id | award.entry_id.reversal_ids
            if sum(one._get_net() for one in entries) > 0:
                continue  # a part of it
            reason = award.entry_id.reversal_ids.sorted("id")[-1:].reason
            update_in_state(award, [award.state], state="taken", taken_reason=reason)
        return result
