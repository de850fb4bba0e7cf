from odoo import fields, models


class B2b2cCompanySettings(models.AbstractModel):
    """The same on the pages of settings."""

    _inherit = "b2b2c.company.settings"

    b2b2c_receipt_auto = fields.Selection(
        related="company_id.b2b2c_receipt_auto", readonly=False
    )
    b2b2c_receipt_limit = fields.Monetary(
        related="company_id.b2b2c_receipt_limit", readonly=False
    )
    b2b2c_receipt_audit = fields.Integer(
        related="company_id.b2b2c_receipt_audit", readonly=False
    )
    b2b2c_receipt_days = fields.Integer(
        related="company_id.b2b2c_receipt_days", readonly=False
    )
    b2b2c_receipt_day_limit = fields.Integer(
        related="company_id.b2b2c_receipt_day_limit", readonly=False
    )
    b2b2c_receipt_whole = fields.Boolean(
        related="company_id.b2b2c_receipt_whole", readonly=False
    )
    b2b2c_receipt_keep_days = fields.Integer(
        related="company_id.b2b2c_receipt_keep_days", readonly=False
    )
    b2b2c_receipt_readers = fields.Char(compute="_compute_b2b2c_receipt_readers")

    def _compute_b2b2c_receipt_readers(self):
        """Say what this server can read on photos, and what to install."""
        text = self.env["b2b2c.receipt"]._get_readers_text()
        for settings in self:
            settings.b2b2c_receipt_readers = text
