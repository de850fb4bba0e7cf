from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .ledger_rows import get_rows

_OWN = {"currency_field": "currency_id", "readonly": True}


class B2b2cLiabilityCheck(models.Model):
    """Does the general ledger show what is owed: each run and account, at any moment.

    What is owed stands against what stands on the account, by where that came from.
    Amounts are read from the general ledger as it is now.
    """

    _name = "b2b2c.liability.check"
    _description = "Reconciliation of Points Owed"
    _auto = False
    _order = "cut_day desc, account_id"
    _rec_name = "cut_day"

    run_id = fields.Many2one("b2b2c.liability.run", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    cut_day = fields.Date(readonly=True, string="End Of")
    state = fields.Selection(
        [("draft", "Preview"), ("posted", "Posted")],
        readonly=True,
        string="Status",
    )
    account_id = fields.Many2one("account.account", readonly=True)
    target = fields.Monetary(
        **_OWN, string="Owed", help="Points of the loyalty ledger × their value."
    )
    by_runs = fields.Monetary(
        **_OWN, help="Entries of runs up to this one, and what reverses them."
    )
    by_documents = fields.Monetary(
        **_OWN, help="Documents that spend points, dated up to this day."
    )
    by_others = fields.Monetary(
        **_OWN,
        help="What else stands on the account up to this day. Nothing should.",
    )
    booked = fields.Monetary(**_OWN, string="General Ledger")
    difference = fields.Monetary(
        **_OWN, help="General ledger less what is owed. 0.00 when all is right."
    )

    @property
    def _table_query(self):
        """The SQL behind the reconciliation."""
        return SQL(
            """
            WITH ledger AS MATERIALIZED (
                SELECT r.* FROM (%s) r
                 WHERE r.account_id IN (SELECT liability_account_id
                                          FROM b2b2c_liability_line)
            )
            SELECT o.id, o.run_id, o.company_id, c.currency_id, o.cut_day, o.state,
                   o.account_id, o.target, g.by_runs, g.by_documents, g.by_others,
                   g.by_runs + g.by_documents + g.by_others AS booked,
                   g.by_runs + g.by_documents + g.by_others - o.target AS difference
              FROM (SELECT min(id) AS id, run_id, company_id, cut_day, state,
                           liability_account_id AS account_id, sum(target) AS target
                      FROM b2b2c_liability_line
                     WHERE liability_account_id IS NOT NULL
                  GROUP BY run_id, company_id, cut_day, state, liability_account_id) o
              JOIN res_company c ON c.id = o.company_id
        CROSS JOIN LATERAL (
                    SELECT coalesce(sum(amount) FILTER (WHERE kind = 'runs'), 0)
                               AS by_runs,
                           coalesce(sum(amount) FILTER (WHERE kind = 'documents'), 0)
                               AS by_documents,
                           coalesce(sum(amount) FILTER (WHERE kind = 'foreign'), 0)
                               AS by_others
                      FROM ledger r
                     WHERE r.company_id = o.company_id AND r.account_id = o.account_id
                       AND r.day <= o.cut_day) g
            """,
            get_rows(self.env),
        )

    # === ACTION METHODS === #

    def action_open_others(self):
        """Open what stands on the account and should not."""
        return self._open_rows("foreign")

    def action_open_documents(self):
        """Open the rows of documents that spend points."""
        return self._open_rows("documents")

    def action_open_runs(self):
        """Open the rows of runs."""
        return self._open_rows("runs")

    def _open_rows(self, kind):
        """Return the action that shows rows of the general ledger; who opens it has to
        have the right to read them.

        :param str kind: one of ``ledger_rows.KINDS``
        """
        self.ensure_one()
        self.check_access("read")
        if not self.account_id:
            raise UserError(self.env._("There is no such figure any more."))
        rows = self.env.execute_query(
            SQL(
                "SELECT line_id FROM (%s) r WHERE kind = %s AND company_id = %s"
                " AND account_id = %s AND day <= %s",
                get_rows(self.env),
                kind,
                self.company_id.id,
                self.account_id.id,
                self.cut_day,
            )
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.account_id.sudo().display_name,
            "res_model": "account.move.line",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", [line_id for (line_id,) in rows])],
        }
