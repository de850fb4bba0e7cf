"""Install and uninstall hooks."""

import base64

from odoo import fields

from .tabular import write_csv

_COLUMNS = (
    "id",
    "account_id",
    "member",
    "employer",
    "unit",
    "company",
    "entry_type",
    "points",
    "points_pending",
    "points_held",
    "points_debt",
    "points_lost",
    "source_key",
    "document_model",
    "document_id",
    "reason",
    "effective_at",
    "recorded_at",
)


def uninstall_hook(env):
    """Keep the ledger as a CSV attachment: uninstalling must not destroy the proof."""
    env.cr.execute(
        """
        SELECT e.id, e.account_id, p.name, s.name, u.name->>'en_US', c.name,
               e.entry_type, e.points, e.points_pending, e.points_held, e.points_debt,
               e.points_lost, e.source_key, e.document_model, e.document_id, e.reason,
               e.effective_at, e.recorded_at
          FROM b2b2c_ledger_entry e
          JOIN b2b2c_account a ON a.id = e.account_id
          JOIN b2b2c_member m ON m.id = a.member_id
          JOIN res_partner p ON p.id = m.partner_id
          JOIN res_partner s ON s.id = m.employer_id
          JOIN b2b2c_unit u ON u.id = e.unit_id
          JOIN res_company c ON c.id = e.company_id
      ORDER BY e.id
        """
    )
    rows = [_COLUMNS, *env.cr.fetchall()]
    env["ir.attachment"].create(
        {
            "name": f"loyalty_ledger_{fields.Date.today()}.csv",
            "mimetype": "text/csv",
            "datas": base64.b64encode(write_csv(rows)),
        }
    )
