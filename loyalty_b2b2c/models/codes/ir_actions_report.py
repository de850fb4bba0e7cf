from odoo import models
from odoo.exceptions import UserError

CODE_LABELS = "loyalty_b2b2c.code_labels"


class IrActionsReport(models.Model):
    """Draws labels of codes without HTML: a thousand in seconds, all as vectors."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        if self._get_report(report_ref).report_name != CODE_LABELS:
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        ids = [res_ids] if isinstance(res_ids, int) else res_ids
        printing = self.env["b2b2c.code.print"].browse(ids)
        printing.check_access("read")
        if len(printing.exists()) != 1:
            raise UserError(self.env._("Choose what to print once more."))
        return printing._render_labels(), "pdf"
