from odoo import api, models

from ..base.rows import update_in_state


class B2b2cAccount(models.Model):
    """Points of a prize that somebody took back by hand; standings of challenges are
    proved with the books they are counted from."""

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

    @api.model
    def _verify_all(self, rebuild=False):
        books = super()._verify_all(rebuild=rebuild)
        rounds = self.env["b2b2c.challenge.round"]
        if rebuild:
            rounds._find_unfolded()._fold()
        return books + rounds._find_open()._verify_standings()
