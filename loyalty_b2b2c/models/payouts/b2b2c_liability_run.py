from odoo import api, models
from odoo.tools import SQL


class B2b2cLiabilityRun(models.Model):
    """What a payout is booked with moves the account of points owed by itself, where a
    company books payouts there."""

    _inherit = "b2b2c.liability.run"

    @api.model
    def _get_liability_documents(self):
        documents = super()._get_liability_documents()
        query = SQL(
            """
            SELECT l.id AS line_id, a.unit_id
              FROM b2b2c_payout p
              JOIN b2b2c_redemption r ON r.id = p.redemption_id
              JOIN b2b2c_account a ON a.id = r.account_id
              JOIN account_move m
                ON m.id = p.document_id OR m.reversed_entry_id = p.document_id
              JOIN account_move_line l ON l.move_id = m.id
            """
        )
        return {**documents, "payout": (self.env._("Payouts"), query)}
