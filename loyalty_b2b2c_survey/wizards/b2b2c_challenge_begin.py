from odoo import fields, models


class B2b2cChallengeBegin(models.TransientModel):
    """Of a certification it has to be known which."""

    _inherit = "b2b2c.challenge.begin"

    survey_id = fields.Many2one(
        "survey.survey",
        string="Certification",
        domain="[('certification', '=', True)]",
    )

    def _get_subjects(self):
        problem = self.env._("Choose the certification that has to be passed.")
        return {**super()._get_subjects(), "certification": ("survey_id", problem)}
