from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    b2b2c_adjust_limit = fields.Float(
        related="company_id.b2b2c_adjust_limit", readonly=False
    )
    b2b2c_manager_id = fields.Many2one(
        related="company_id.b2b2c_manager_id", readonly=False
    )
    b2b2c_timezone = fields.Selection(
        related="company_id.b2b2c_timezone", readonly=False
    )
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
    b2b2c_scan_member_hour = fields.Integer(
        related="company_id.b2b2c_scan_member_hour", readonly=False
    )
    b2b2c_scan_shop_hour = fields.Integer(
        related="company_id.b2b2c_scan_shop_hour", readonly=False
    )
    b2b2c_scan_failures = fields.Integer(
        related="company_id.b2b2c_scan_failures", readonly=False
    )
    b2b2c_scan_address_failures = fields.Integer(
        related="company_id.b2b2c_scan_address_failures", readonly=False
    )
    b2b2c_scan_other_shop = fields.Selection(
        related="company_id.b2b2c_scan_other_shop", readonly=False
    )
    b2b2c_scan_adjacent = fields.Integer(
        related="company_id.b2b2c_scan_adjacent", readonly=False
    )
    b2b2c_scan_adjacent_minutes = fields.Integer(
        related="company_id.b2b2c_scan_adjacent_minutes", readonly=False
    )
    b2b2c_scan_radius = fields.Integer(
        related="company_id.b2b2c_scan_radius", readonly=False
    )
    b2b2c_scan_late_hours = fields.Integer(
        related="company_id.b2b2c_scan_late_hours", readonly=False
    )
    b2b2c_scan_audit = fields.Integer(
        related="company_id.b2b2c_scan_audit", readonly=False
    )
    b2b2c_scan_review_score = fields.Integer(
        related="company_id.b2b2c_scan_review_score", readonly=False
    )
    b2b2c_join_approval = fields.Selection(
        related="company_id.b2b2c_join_approval", readonly=False
    )
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
