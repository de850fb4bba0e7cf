from collections import defaultdict

from odoo import fields, models

from ...const import ACCOUNTANTS, POINTS


class B2b2cProgram(models.Model):
    """Figures of a program: what it gave, what it costs, how its budget is used."""

    _inherit = "b2b2c.program"

    entry_count = fields.Integer(compute="_compute_entry_count")
    points_issued = fields.Float(**POINTS, compute="_compute_entry_count")
    points_waiting = fields.Float(**POINTS, compute="_compute_entry_count")
    points_spent = fields.Float(**POINTS, compute="_compute_entry_count")
    points_reserved = fields.Float(**POINTS, compute="_compute_entry_count")
    points_expired = fields.Float(**POINTS, compute="_compute_entry_count")
    points_reversed = fields.Float(**POINTS, compute="_compute_entry_count")
    points_outstanding = fields.Float(**POINTS, compute="_compute_entry_count")
    liability = fields.Monetary(compute="_compute_entry_count", groups=ACCOUNTANTS)
    cost_rate = fields.Float(
        string="Cost per Sale",
        digits=(16, 2),
        compute="_compute_entry_count",
        groups=ACCOUNTANTS,
    )
    budget_pending = fields.Float(**POINTS, compute="_compute_budget_parts")
    budget_issued = fields.Float(**POINTS, compute="_compute_budget_parts")

    def _compute_entry_count(self):
        report = self.env["b2b2c.report.day"]
        totals = report._get_totals(
            [("program_id", "in", self.ids)],
            "program_id",
            (*report._get_summed(), "cost_rate"),
        )
        for program in self:
            figures = defaultdict(float, totals.get(program.id, {}))
            program.entry_count = int(figures["entries"])
            program.points_issued = figures["issued"]
            program.points_waiting = figures["pending"]
            program.points_spent = figures["spent"]
            program.points_reserved = figures["reserved"]
            program.points_expired = figures["expired"]
            program.points_reversed = figures["reversed"]
            program.points_outstanding = figures["outstanding"]
            program.liability = figures["liability"]
            program.cost_rate = figures["cost_rate"] or 0

    def _compute_budget_parts(self):
        for program in self:
            used = program.budget_used
            program.budget_pending = min(max(program.points_waiting, 0), used)
            program.budget_issued = used - program.budget_pending

    def action_open_figures(self):
        """Open the dashboard of this program."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_report_day_action"
        )
        return dict(
            action,
            display_name=self.name,
            context={"search_default_program_id": self.id},
        )
