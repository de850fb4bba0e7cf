from odoo import fields, models


class B2b2cChallengeBegin(models.TransientModel):
    """Of a course it has to be known which."""

    _inherit = "b2b2c.challenge.begin"

    course_id = fields.Many2one("slide.channel")

    def _get_subjects(self):
        problem = self.env._("Choose the course that has to be passed.")
        return {**super()._get_subjects(), "course": ("course_id", problem)}
