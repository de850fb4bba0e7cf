from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The same on the page of settings."""

    _inherit = "res.config.settings"

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
    b2b2c_scan_back_hours = fields.Integer(
        related="company_id.b2b2c_scan_back_hours", readonly=False
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
