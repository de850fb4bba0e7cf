from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class B2b2cChallengeBegin(models.TransientModel):
    """Of events it has to be known which."""

    _inherit = "b2b2c.challenge.begin"

    event_ids = fields.Many2many(
        "event.event",
        string="Events",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="Each of them pays.",
    )

    def _prepare_challenge(self):
        values = super()._prepare_challenge()
        if self.template != "come":
            return values
        if not self.event_ids:
            raise UserError(self.env._("Choose the events that have to be attended."))
        return {**values, "event_ids": [Command.set(self.event_ids.ids)]}
