from odoo import fields, models


class B2b2cActivitySample(models.Model):
    """A picture that shows how it should be."""

    _name = "b2b2c.activity.sample"
    _description = "Sample Picture"
    _order = "challenge_id, sequence, id"

    challenge_id = fields.Many2one(
        "b2b2c.challenge", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="challenge_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, string="What It Shows")
    image = fields.Image(required=True, max_width=1920, max_height=1920)
