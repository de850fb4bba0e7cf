from odoo import fields, models

from ...const import POINTS


class B2b2cLadderWhyLine(models.TransientModel):
    """A document that counted at a moment."""

    _name = "b2b2c.ladder.why.line"
    _description = "Why This Tier: Document"
    _inherit = "b2b2c.dialog"

    document_model = fields.Char()
    document_id = fields.Many2oneReference(model_field="document_model")
    document_name = fields.Char(string="Document")
    day = fields.Date()
    value = fields.Float(**POINTS, string="Volume")

    def action_open_document(self):
        """Open the document; whether one may see it is decided there."""
        self.ensure_one()
        if self.document_model not in self.env["b2b2c.source"]._get_sources():
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": self.document_model,
            "res_id": self.document_id,
            "views": [(False, "form")],
        }
