from odoo import models


class B2b2cAccount(models.Model):
    """A reversed award frees what its document took of the limits."""

    _inherit = "b2b2c.account"

    def _after_reversal(self, entry):
        """Let the document be processed again: its limits are counted anew."""
        super()._after_reversal(entry)
        if entry.award_key and (document := entry._get_document()):
            self.env["b2b2c.event"]._record(document)
