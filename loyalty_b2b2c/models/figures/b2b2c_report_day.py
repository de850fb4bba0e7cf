from datetime import timedelta

from odoo import api, fields, models


class B2b2cReportDay(models.Model):
    """Program figures: by program, rule, kind of document and day."""

    _name = "b2b2c.report.day"
    _description = "Program Figures"
    _inherit = "b2b2c.report"
    _auto = False

    _stat = "b2b2c.stat.day"

    rule_id = fields.Many2one("b2b2c.earning.rule", readonly=True)
    document_model = fields.Selection(
        selection="_select_document_model", readonly=True, string="Kind of Document"
    )

    @api.model
    def _select_document_model(self):
        """Return the documents that can earn, as selection values."""
        models_ = self.env["b2b2c.source"]._get_sources()
        return [
            (name, self.env["ir.model"]._get(name).sudo().name or name)
            for name in sorted(models_)
        ]

    def _get_place(self):
        return ("program_id", "rule_id", "document_model"), self.day + timedelta(days=1)
