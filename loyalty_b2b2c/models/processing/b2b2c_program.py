from odoo import models
from odoo.tools import SQL

#: So many documents are checked again at once; more are left to the scheduled action.
AT_ONCE = 50


class B2b2cProgram(models.Model):
    """Documents that limits of a program cut are processed again."""

    _inherit = "b2b2c.program"

    def action_recheck_cuts(self):
        """Look again at documents that limits of this program cut (managers).

        Each gets what is free now, the earliest first.
        """
        self.ensure_one()
        self.check_access("write")
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT document FROM b2b2c_cap_use WHERE %s",
                self._get_cut_condition(),
            )
        )
        events = self.env["b2b2c.event"].sudo()
        documents = {}
        for (document,) in rows:
            model, document_id = document.split(",")
            documents.setdefault(model, []).append(int(document_id))
        for model, ids in documents.items():
            events._insert_events(model, sorted(ids), event_type="recheck")
        if len(rows) <= AT_ONCE:
            events._process_after_commit()
        else:
            self.env.ref("loyalty_b2b2c.cron_sweep").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s documents are checked again.", len(rows)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
