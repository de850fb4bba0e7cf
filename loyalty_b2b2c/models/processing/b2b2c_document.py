from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import POINTS


class B2b2cDocument(models.AbstractModel):
    """A document of our own that earns: what it brought, and why."""

    _name = "b2b2c.document"
    _description = "Document That Earns"

    entry_count = fields.Integer(compute="_compute_entry_count")
    points = fields.Float(**POINTS, compute="_compute_entry_count")

    def _compute_entry_count(self):
        totals = self.env["b2b2c.ledger.entry"].sudo()._get_document_totals(self)
        for document in self:
            count, points = totals.get(document.id, (0, 0))
            document.entry_count = count
            document.points = points

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        """Keep what the books name; it can be cancelled."""
        entries = self.env["b2b2c.ledger.entry"].sudo()
        for document in self:
            booked = [
                ("document_model", "=", self._name),
                ("document_id", "=", document.id),
            ]
            if entries.search_count(booked, limit=1):
                raise UserError(
                    self.env._(
                        "%s brought points, and the books name it. Cancel it instead.",
                        document.display_name,
                    )
                )

    def action_open_entries(self):
        """Open the entries booked for this document."""
        self.ensure_one()
        return self.env["b2b2c.ledger.entry"]._open_for(self)

    def action_preview(self):
        """Show who got what for this document and why, and who did not."""
        self.ensure_one()
        return self.env["b2b2c.preview"]._open(self)
