from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...const import STAFF


class ResCompany(models.Model):
    """What is asked for before points pay."""

    _inherit = "res.company"

    b2b2c_spend_proof_above = fields.Monetary(
        string="PIN or Code Above",
        groups=STAFF,
        help="Who pays more than this in points within a day confirms it with a PIN "
        "or a code that is sent. 0: nobody is asked.",
    )

    @api.constrains("b2b2c_spend_proof_above")
    def _check_spend_proof_above(self):
        for company in self:
            if company.b2b2c_spend_proof_above < 0:
                raise ValidationError(
                    self.env._("The limit of a PIN or code cannot be negative.")
                )
