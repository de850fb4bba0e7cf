from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...const import POINTS
from ...values import shown

#: Percent of a budget at which the responsible manager is alerted.
LEVELS = (80, 100)


class B2b2cProgram(models.Model):
    """The budget of a program: what is left, alerts, and documents it cut."""

    _inherit = "b2b2c.program"

    budget_share = fields.Float(
        digits=(16, 1),
        compute="_compute_budget_share",
        search="_search_budget_share",
        string="Budget Used (%)",
    )
    budget_alerted = fields.Integer(
        readonly=True, copy=False, help="Percent of the budget already alerted about."
    )
    cut_count = fields.Integer(compute="_compute_cuts", string="Documents Cut")
    cut_points = fields.Float(
        **POINTS, compute="_compute_cuts", string="Points Kept Back"
    )

    # === COMPUTE METHODS === #

    def _compute_budget_share(self):
        for program in self:
            used, budget = program.budget_used, program.budget_points
            program.budget_share = 100 * used / budget if budget else 0

    def _search_budget_share(self, operator, value):
        if operator not in ("=", "!=", ">", ">=", "<", "<="):
            return NotImplemented
        self.flush_model(["budget_points"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id FROM b2b2c_program p
             LEFT JOIN b2b2c_cap_scope s ON s.scope = 'p' || p.id
                 WHERE CASE WHEN p.budget_points > 0
                       THEN 100 * coalesce(s.used, 0) / p.budget_points
                       ELSE 0 END %s %s
                """,
                SQL(operator),
                value,
            )
        )
        return [("id", "in", [row[0] for row in rows])]

    def _compute_cuts(self):
        for program in self:
            [(count, points)] = self.env.execute_query(
                SQL(
                    "SELECT count(DISTINCT document), coalesce(sum(cut), 0)::text"
                    "  FROM b2b2c_cap_use WHERE %s",
                    program._get_cut_condition(),
                )
            )
            program.cut_count, program.cut_points = count, shown(Decimal(points))

    def _get_cut_condition(self):
        """Return SQL on ``b2b2c_cap_use``: what limits of this program cut."""
        rules = self.with_context(active_test=False).rule_ids.ids
        return SQL(
            "cut > 0 AND (scope = %s OR split_part(scope, '|', 1) = ANY(%s))",
            f"p{self.id}",
            [f"r{rule_id}" for rule_id in rules],
        )

    # === CRUD METHODS === #

    def write(self, vals):
        """Let a changed budget alert again, from the level it falls back to."""
        result = super().write(vals)
        if "budget_points" in vals:
            for program in self.sudo():
                level = program._get_budget_level()
                if program.budget_alerted > level:
                    program.budget_alerted = level
        return result

    # === ALERTS === #

    @api.model
    def _watch_budgets(self, programs, used):
        """Start the alert when a document takes a budget past a level.

        :param programs: engine programs
        :param used: dict scope -> ``(before, after)``, see ``b2b2c.cap.scope``
        """
        for program in programs:
            before, after = used.get(f"p{program.id}", (0, 0))
            limits = [(program.budget or 0) * level / 100 for level in LEVELS]
            if program.budget and any(before < limit <= after for limit in limits):
                self.env.ref("loyalty_b2b2c.cron_budget")._trigger()
                return

    @api.model
    def _cron_alert_budgets(self):
        """Alert the responsible manager once per level of a budget."""
        for program in self.search(
            [("state", "=", "running"), ("budget_points", ">", 0)]
        ):
            level = program._get_budget_level()
            if level > program.budget_alerted:
                program._alert_budget(level)
                program.budget_alerted = level

    def _get_budget_level(self):
        """Return the highest level the budget has reached, 0 for none."""
        self.ensure_one()
        self.invalidate_recordset(["budget_used", "budget_share"], flush=False)
        if not self.budget_points:
            return 0
        used = 100 * self.budget_used  # the share is rounded, 99.96 % is not all
        reached = [level for level in LEVELS if used >= level * self.budget_points]
        return max(reached, default=0)

    def _alert_budget(self, level):
        """Give the responsible manager a to-do about the budget."""
        self.ensure_one()
        user = self.company_id._get_loyalty_manager()
        if not user:
            return
        summary = (
            self.env._("The budget is used up")
            if level >= 100
            else self.env._("%s %% of the budget is used", level)
        )
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=self.env._(
                "%(used)s of %(budget)s. New documents earn what is left and then "
                "nothing; each says so. Raise the budget or close the program.",
                used=self.unit_id._format(self.budget_used),
                budget=self.unit_id._format(self.budget_points),
            ),
            user_id=user.id,
        )
