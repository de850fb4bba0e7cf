from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import POINTS
from ...values import shown
from . import ledger_audit
from .ledger_door import ZERO

_BALANCES = ("posted", "pending", "held", "debt", "lost")


class B2b2cAccount(models.Model):
    """Who holds how much of a unit.

    The balances are derived: ``folded_*`` columns plus the deltas not yet folded in.
    Only :class:`~.ledger_door.LedgerDoor` changes them, only through the posting
    methods (``b2b2c_account_posting.py``).
    """

    _name = "b2b2c.account"
    _description = "Loyalty Account"
    _inherit = "b2b2c.closed"
    _order = "id"
    _rec_names_search = ["member_id.name", "member_id.employer_id.name"]

    member_id = fields.Many2one(
        "b2b2c.member", required=True, index=True, readonly=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(
        "b2b2c.unit", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="member_id.partner_id")
    employer_id = fields.Many2one(related="member_id.employer_id")
    role = fields.Selection(related="member_id.role")
    symbol = fields.Char(related="unit_id.symbol")

    # What people see: exact at any moment
    balance_available = fields.Float(
        **POINTS, compute="_compute_balances", search="_search_available"
    )
    balance_posted = fields.Float(**POINTS, compute="_compute_balances")
    balance_pending = fields.Float(**POINTS, compute="_compute_balances")
    balance_held = fields.Float(
        **POINTS, compute="_compute_balances", string="Reserved"
    )
    balance_debt = fields.Float(**POINTS, compute="_compute_balances", string="Debt")

    # What the door folds; never read these for a balance, the deltas are missing
    folded_posted = fields.Float(**POINTS, readonly=True, default=0)
    folded_pending = fields.Float(**POINTS, readonly=True, default=0)
    folded_held = fields.Float(**POINTS, readonly=True, default=0)
    folded_debt = fields.Float(**POINTS, readonly=True, default=0)
    folded_lost = fields.Float(**POINTS, readonly=True, default=0)
    version = fields.Integer(readonly=True, default=0)

    entry_ids = fields.One2many("b2b2c.ledger.entry", "account_id")
    lot_ids = fields.One2many(
        "b2b2c.ledger.lot", "account_id", domain=[("remaining", ">", 0)]
    )

    _once = models.UniqueIndex(
        "(member_id, unit_id)", "A participant has one account per unit."
    )
    _never_negative = models.Constraint(
        "CHECK (folded_posted >= 0 AND folded_held >= 0 AND folded_debt >= 0 "
        "AND folded_held <= folded_posted)",
        "A balance can never become negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("member_id.display_name", "unit_id.name")
    def _compute_display_name(self):
        for account in self:
            account.display_name = (
                f"{account.member_id.display_name} – {account.unit_id.name}"
            )

    def _compute_balances(self):
        balances = self._get_balances()
        for account in self:
            values = balances.get(account._origin.id, dict.fromkeys(_BALANCES, ZERO))
            available = values["posted"] - values["held"] - values["debt"]
            account.balance_available = shown(max(available, ZERO))
            account.balance_posted = shown(values["posted"])
            account.balance_pending = shown(values["pending"])
            account.balance_held = shown(values["held"])
            account.balance_debt = shown(values["debt"])

    def _search_available(self, operator, value):
        if operator not in ("=", "!=", ">", ">=", "<", "<="):
            return NotImplemented
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id
                  FROM b2b2c_account a
             LEFT JOIN (SELECT account_id,
                               sum(points - points_held - points_debt) AS change
                          FROM b2b2c_account_delta GROUP BY account_id) d
                    ON d.account_id = a.id
                 WHERE greatest(a.folded_posted - a.folded_held - a.folded_debt
                                + coalesce(d.change, 0), 0) %s %s
                """,
                SQL(operator),
                value,
            )
        )
        return [("id", "in", [row[0] for row in rows])]

    def _get_balances(self):
        """Return the exact balances of these accounts.

        :return: dict account id -> dict of Decimal with the keys ``posted``,
            ``pending``, ``held``, ``debt``, ``lost``
        """
        ids = tuple(self._origin.ids)
        if not ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id,
                       (a.folded_posted + coalesce(d.points, 0))::text,
                       (a.folded_pending + coalesce(d.points_pending, 0))::text,
                       (a.folded_held + coalesce(d.points_held, 0))::text,
                       (a.folded_debt + coalesce(d.points_debt, 0))::text,
                       (a.folded_lost + coalesce(d.points_lost, 0))::text
                  FROM b2b2c_account a
             LEFT JOIN LATERAL (
                        SELECT sum(points) AS points,
                               sum(points_pending) AS points_pending,
                               sum(points_held) AS points_held,
                               sum(points_debt) AS points_debt,
                               sum(points_lost) AS points_lost
                          FROM b2b2c_account_delta WHERE account_id = a.id) d ON TRUE
                 WHERE a.id IN %s
                """,
                ids,
            )
        )
        return {
            row[0]: dict(zip(_BALANCES, map(Decimal, row[1:]), strict=True))
            for row in rows
        }

    # === ACTION METHODS === #

    def action_open_entries(self):
        """Open the statement of this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_ledger_entry_action"
        )
        return dict(action, domain=[("account_id", "=", self.id)], context={})

    def action_verify(self):
        """Check these accounts against their entries and say what was found."""
        self.check_access("read")
        problems = self.sudo()._verify()
        return self._notify_result(problems)

    @api.model
    def action_verify_all(self):
        """Check every account of the database (managers, auditors)."""
        if not self.env.user.has_group("loyalty_b2b2c.group_auditor"):
            raise UserError(
                self.env._("Only a loyalty manager or an auditor may do this.")
            )
        return self._notify_result(self.sudo()._verify_all())

    @api.model
    def action_rebuild_all(self):
        """Recompute every balance and lot from the entries (managers)."""
        self._check_manager()
        changed = self.sudo()._rebuild()
        return self._notify_result(
            self.sudo()._verify_all(),
            self.env._("%s accounts or lots were put right.", changed),
        )

    def _check_manager(self):
        """Refuse everybody but loyalty managers."""
        if not self.env.user.has_group("loyalty_b2b2c.group_manager"):
            raise UserError(self.env._("Only a loyalty manager may do this."))

    def _notify_result(self, problems, prefix=""):
        """Return a notification that words the result of a verification."""
        text = (
            self.env._("%s differences found:", len(problems))
            + " "
            + "; ".join(str(problem) for problem in problems[:5])
            if problems
            else self.env._("All balances equal their entries.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "sticky": bool(problems),
                "message": f"{prefix} {text}".strip(),
            },
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_or_create(self, pairs):
        """Return accounts by ``(member id, unit id)``, opening missing ones.

        :param pairs: iterable of ``(member id, unit id)``
        :return: dict pair -> ``b2b2c.account`` record
        """
        pairs = sorted(set(pairs))
        if not pairs:
            return {}
        values = SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs)
        query = SQL(
            """
            SELECT a.member_id, a.unit_id, a.id FROM b2b2c_account a
              JOIN (VALUES %s) AS v (member_id, unit_id)
             USING (member_id, unit_id)
            """,
            values,
        )
        self.env["b2b2c.member"].flush_model()
        account_ids = {row[:2]: row[2] for row in self.env.execute_query(query)}
        missing = [pair for pair in pairs if pair not in account_ids]
        if missing:
            rows = self.env.execute_query(
                SQL(
                    """
                    INSERT INTO b2b2c_account (member_id, unit_id, company_id, version,
                           folded_posted, folded_pending, folded_held, folded_debt,
                           folded_lost, create_uid, write_uid, create_date, write_date)
                    SELECT m.id, v.unit_id, m.company_id, 0, 0, 0, 0, 0, 0, %(uid)s,
                           %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                      FROM (VALUES %(values)s) AS v (member_id, unit_id)
                      JOIN b2b2c_member m ON m.id = v.member_id
                    ON CONFLICT (member_id, unit_id) DO NOTHING
                 RETURNING member_id, unit_id, id
                    """,
                    uid=self.env.uid,
                    values=SQL(", ").join(SQL("(%s, %s)", *pair) for pair in missing),
                )
            )
            account_ids.update({row[:2]: row[2] for row in rows})
            self.env["b2b2c.member"].invalidate_model(["account_ids"])
        return {
            pair: self.browse(account_id) for pair, account_id in account_ids.items()
        }

    # === VERIFICATION === #

    def _verify(self):
        """Check these accounts against their entries.

        :return: list of differences, empty when the books are right
        """
        return ledger_audit.verify(self.env, self.ids)

    @api.model
    def _verify_all(self, rebuild=False):
        """Check every account, lot and allocation of the database.

        :param bool rebuild: recompute balances and lots from the entries first
        :return: list of :class:`~.ledger_audit.Difference`, empty when all is right
        """
        if rebuild:
            self._rebuild()
        return ledger_audit.verify(self.env)

    @api.model
    def _rebuild(self):
        """Recompute balances and lots from the entries.

        :return: number of rows that were wrong
        """
        changed = ledger_audit.rebuild(self.env)
        self.env.invalidate_all()
        return changed

    @api.model
    def _ledger_digest(self):
        """Return a fingerprint of all entries and allocations: equal before and after
        an upgrade, a backup or a rebuild."""
        return ledger_audit.digest(self.env)

    # === CRON === #

    @api.model
    def _cron_fold(self, batch=200):
        """Fold deltas into balances and let new points repay open debts."""
        cron = self.env["ir.cron"]
        rows = self.env.execute_query(
            SQL(
                "SELECT account_id FROM b2b2c_account_delta GROUP BY account_id "
                "ORDER BY account_id"
            )
        )
        accounts = self.browse(row[0] for row in rows)
        for start in range(0, len(accounts), batch):
            accounts_of_batch = accounts[start : start + batch]
            accounts_of_batch._fold()
            if not cron._commit_progress(len(accounts_of_batch)):
                break

    def _fold(self):
        """Fold the deltas of these accounts and repay their debts.

        What reached a merged participant in the meantime moves on.
        """
        door = self._get_door()
        for account in self.sorted("id"):
            account._repay(door, door.open(account.id))
        self.invalidate_recordset()
        for account in self.sorted("id"):
            account._follow_merge()
        self._forfeit_erased()
