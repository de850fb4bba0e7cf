from odoo import fields, models


class B2b2cCompanySettings(models.AbstractModel):
    """The same on the pages of settings."""

    _inherit = "b2b2c.company.settings"

    b2b2c_terminal_cancel_minutes = fields.Integer(
        related="company_id.b2b2c_terminal_cancel_minutes", readonly=False
    )
    b2b2c_terminal_max_amount = fields.Monetary(
        related="company_id.b2b2c_terminal_max_amount", readonly=False
    )
    b2b2c_terminal_day_operations = fields.Integer(
        related="company_id.b2b2c_terminal_day_operations", readonly=False
    )
    b2b2c_terminal_day_amount = fields.Monetary(
        related="company_id.b2b2c_terminal_day_amount", readonly=False
    )
    b2b2c_terminal_day_points = fields.Float(
        related="company_id.b2b2c_terminal_day_points", readonly=False
    )
    b2b2c_terminal_lookups = fields.Integer(
        related="company_id.b2b2c_terminal_lookups", readonly=False
    )
