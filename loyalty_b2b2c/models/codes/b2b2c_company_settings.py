from odoo import api, fields, models

from .scan_presets import PRESETS, find_preset


class B2b2cCompanySettings(models.AbstractModel):
    """The same on the pages of settings."""

    _inherit = "b2b2c.company.settings"

    b2b2c_scan_preset = fields.Selection(
        [
            ("strict", "Strict"),
            ("usual", "Usual"),
            ("relaxed", "Relaxed"),
            ("own", "Own figures"),
        ],
        string="How Careful",
        compute="_compute_b2b2c_scan_preset",
        readonly=False,
        help="Strict looks at more scans by hand, relaxed at fewer.",
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

    @api.depends(lambda self: list(PRESETS["usual"]))
    def _compute_b2b2c_scan_preset(self):
        for settings in self:
            settings.b2b2c_scan_preset = find_preset(settings)

    @api.onchange("b2b2c_scan_preset")
    def _onchange_b2b2c_scan_preset(self):
        """Fill in all figures of what was chosen."""
        self.update(PRESETS.get(self.b2b2c_scan_preset, {}))
