from odoo import fields, models


class B2b2cChallengeBegin(models.TransientModel):
    """Of events it has to be known which."""

    _inherit = "b2b2c.challenge.begin"

    event_ids = fields.Many2many(
        "event.event",
        string="Events",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="Each of them pays.",
    )

    def _get_subjects(self):
        problem = self.env._("Choose the events that have to be attended.")
        return {**super()._get_subjects(), "come": ("event_ids", problem)}
