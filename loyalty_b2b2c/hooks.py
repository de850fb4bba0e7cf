"""Install and uninstall hooks."""

import base64

from odoo import fields

from .models.ledger import ledger_audit
from .tabular import write_csv


def uninstall_hook(env):
    """Keep the ledger as a CSV attachment: uninstalling must not destroy the proof."""
    env["ir.attachment"].create(
        {
            "name": f"loyalty_ledger_{fields.Date.today()}.csv",
            "mimetype": "text/csv",
            "datas": base64.b64encode(write_csv(ledger_audit.get_table(env))),
        }
    )
