from odoo import fields, models

_UNIQUE = "account_id, company_id, unit_id, coalesce(program_id, 0), entry_type, day"


class B2b2cStatAccount(models.Model):
    """Sums by participant's account, program, kind of entry and month.

    Months, not days: a hundred thousand participants stay a table that is read at
    once.
    """

    _name = "b2b2c.stat.account"
    _description = "Ledger Sums by Account"
    _inherit = "b2b2c.stat"
    _log_access = False

    _unique = _UNIQUE
    _keys = {
        "account_id": "f.account_id",
        "company_id": "f.company_id",
        "unit_id": "f.unit_id",
        "program_id": "f.program_id",
        "entry_type": "f.entry_type",
        "day": "date_trunc('month', f.day)::date",
    }

    account_id = fields.Many2one("b2b2c.account", required=True, ondelete="cascade")

    _once = models.UniqueIndex(f"({_UNIQUE})")
