from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    b2b2c_ticket_days = fields.Integer(
        related="company_id.b2b2c_ticket_days",
        readonly=False,
        groups="loyalty_b2b2c.group_manager",
    )
    pos_b2b2c_invitation_id = fields.Many2one(
        related="pos_config_id.b2b2c_invitation_id",
        readonly=False,
        groups="loyalty_b2b2c.group_user",
    )
