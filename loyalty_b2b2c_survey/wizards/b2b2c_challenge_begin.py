from odoo import fields, models
from odoo.exceptions import UserError


class B2b2cChallengeBegin(models.TransientModel):
    """Of a certification it has to be known which."""

    _inherit = "b2b2c.challenge.begin"

    survey_id = fields.Many2one(
        "survey.survey",
        string="Certification",
        domain="[('certification', '=', True)]",
    )

    def _prepare_challenge(self):
        values = super()._prepare_challenge()
        if self.template != "certification":
            return values
        if not self.survey_id:
            raise UserError(
                self.env._("Choose the certification that has to be passed.")
            )
        return {**values, "survey_id": self.survey_id.id}
