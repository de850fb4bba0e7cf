from odoo import fields, models
from odoo.exceptions import UserError


class B2b2cChallengeBegin(models.TransientModel):
    """Of a course it has to be known which."""

    _inherit = "b2b2c.challenge.begin"

    course_id = fields.Many2one("slide.channel")

    def _prepare_challenge(self):
        values = super()._prepare_challenge()
        if self.template != "course":
            return values
        if not self.course_id:
            raise UserError(self.env._("Choose the course that has to be passed."))
        return {**values, "course_id": self.course_id.id}
