from odoo import api, fields, models
from odoo.exceptions import ValidationError


class B2b2cActivityScore(models.Model):
    """A line of the checklist of one submission: ticked by who did it, scored by who
    looked at it."""

    _name = "b2b2c.activity.score"
    _description = "Score of a Submission"
    _order = "submission_id, criterion_id"

    submission_id = fields.Many2one(
        "b2b2c.activity.submission",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    criterion_id = fields.Many2one(
        "b2b2c.activity.criterion", required=True, readonly=True, ondelete="restrict"
    )
    name = fields.Char(related="criterion_id.name", string="What Was Asked")
    hint = fields.Char(related="criterion_id.hint")
    is_ticked = fields.Boolean(
        readonly=True, string="Ticked", help="The participant says it is so."
    )
    max_score = fields.Integer(related="criterion_id.max_score", string="Of")
    score = fields.Integer()

    _once = models.UniqueIndex(
        "(submission_id, criterion_id)", "This line was scored already."
    )

    @api.constrains("score")
    def _check_score(self):
        for line in self:
            if not 0 <= line.score <= line.sudo().max_score:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is scored from 0 to %(most)s.",
                        name=line.name,
                        most=line.max_score,
                    )
                )

    def write(self, vals):
        """Let officers score what waits, and is not their own."""
        self.check_access("write")
        if not self.env.su:
            self.sudo().submission_id._check_scored()
        return super().write(vals)
