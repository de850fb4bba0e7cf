from odoo import models


class B2b2cLedgerEntry(models.Model):
    _inherit = "b2b2c.ledger.entry"

    # The overview looks for what is still pending, newest first.
    _portal_pending = models.Index("(account_id, id DESC) WHERE points_pending > 0")
