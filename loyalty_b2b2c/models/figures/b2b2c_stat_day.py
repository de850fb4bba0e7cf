from odoo import fields, models

_UNIQUE = (
    "company_id, unit_id, coalesce(program_id, 0), coalesce(rule_id, 0), "
    "coalesce(document_model, ''), entry_type, day"
)


class B2b2cStatDay(models.Model):
    """Sums by program, rule, kind of document, kind of entry and day."""

    _name = "b2b2c.stat.day"
    _description = "Ledger Sums by Day"
    _inherit = "b2b2c.stat"
    _log_access = False

    _unique = _UNIQUE
    _keys = {
        "company_id": "f.company_id",
        "unit_id": "f.unit_id",
        "program_id": "f.program_id",
        "rule_id": "f.rule_id",
        "document_model": "f.document_model",
        "entry_type": "f.entry_type",
        "day": "f.day",
    }

    rule_id = fields.Many2one("b2b2c.earning.rule", ondelete="cascade")
    document_model = fields.Char()

    _once = models.UniqueIndex(f"({_UNIQUE})")
