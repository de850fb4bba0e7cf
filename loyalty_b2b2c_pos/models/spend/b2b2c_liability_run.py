from odoo import api, models
from odoo.tools import SQL

from .pos_payment_method import POINTS


class B2b2cLiabilityRun(models.Model):
    """The closing of a session moves the account of points owed by itself."""

    _inherit = "b2b2c.liability.run"

    @api.model
    def _get_liability_documents(self):
        documents = super()._get_liability_documents()
        query = SQL(
            """
            SELECT l.id AS line_id, m.b2b2c_unit_id AS unit_id
              FROM account_payment p
              JOIN pos_payment_method m ON m.id = p.pos_payment_method_id
                                       AND m.use_payment_terminal = %s
              JOIN account_move a ON a.id = p.move_id OR a.reversed_entry_id = p.move_id
              JOIN account_move_line l ON l.move_id = a.id
            """,
            POINTS,
        )
        return {**documents, "till": (self.env._("Tills"), query)}
