from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.days import get_today, word_day
from .owed_points import count_later, get_watermark
from .run_lines import RunLines


class B2b2cLiabilityRun(models.Model):
    """What a company owed for points at the end of a day, and the entry that says so.

    The entry is a difference: what is owed less what earlier entries of runs, and
    documents that spend points by themselves, have posted.  Nothing is reversed and
    posted again; what one run missed or got wrong, or what somebody undid, the next one
    puts right, in a month that is open.

    A run is looked at first.  It keeps the position of the ledger it was made at, so
    what is posted is what was looked at, and can be told again at any time.
    """

    _name = "b2b2c.liability.run"
    _description = "Run of Points Owed"
    _order = "cut_day desc, id desc"
    _rec_name = "cut_day"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cut_day = fields.Date(
        required=True,
        readonly=True,
        string="End Of",
        help="The last day that counts, in the company's time zone.",
    )
    state = fields.Selection(
        [("draft", "Preview"), ("posted", "Posted")],
        required=True,
        readonly=True,
        default="draft",
        string="Status",
    )
    watermark = fields.Char(
        required=True,
        readonly=True,
        string="Position in the Ledger",
        help="Entries that became final before this position count. Later ones of the "
        "same day belong to the next run.",
    )
    line_ids = fields.One2many("b2b2c.liability.line", "run_id", readonly=True)
    check_ids = fields.One2many("b2b2c.liability.check", "run_id", readonly=True)
    journal_entry_id = fields.Many2one(
        "account.move",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    posted_on = fields.Date(
        readonly=True,
        string="Date of the Entry",
        help="Another day than the end of the run where that was locked.",
    )
    previous_id = fields.Many2one(
        "b2b2c.liability.run", readonly=True, ondelete="restrict", string="Run Before"
    )
    target = fields.Monetary(
        compute="_compute_sums", store=True, string="Owed", aggregator=None
    )
    amount = fields.Monetary(
        compute="_compute_sums", store=True, string="Posted by This Run"
    )
    problem = fields.Char(compute="_compute_problem")
    notice = fields.Char(compute="_compute_problem")

    _day_once = models.UniqueIndex(
        "(company_id, cut_day)", "There is a run for the end of this day already."
    )
    _entry_once = models.UniqueIndex(
        "(journal_entry_id) WHERE journal_entry_id IS NOT NULL",
        "An entry belongs to one run.",
    )
    # two runs posted at once would both post what was missing: one of them fails here
    _one_after_another = models.UniqueIndex(
        "(company_id, coalesce(previous_id, 0)) WHERE state = 'posted'",
        "Another run was posted meanwhile.",
    )

    # === COMPUTE METHODS === #

    @api.depends("cut_day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            day = word_day(self.env, run.cut_day)
            run.display_name = self.env._("Points owed at the end of %s", day)

    @api.depends("line_ids.target", "line_ids.amount")
    def _compute_sums(self):
        for run in self:
            run.target = sum(run.line_ids.mapped("target"))
            run.amount = sum(run.line_ids.mapped("amount"))

    @api.depends("line_ids", "state", "watermark")
    def _compute_problem(self):
        """Say what keeps a preview from being posted, and what looks forgotten."""
        for run in self:
            is_draft = run.state == "draft"
            run.problem = run._find_problem() if is_draft else False
            run.notice = run._find_notice() if is_draft else False

    def _find_problem(self):
        if not all(line.liability_account_id for line in self.line_ids):
            return self.env._(
                "Choose the account of points owed in the settings, or in each "
                "program, and compute again."
            )
        if not all(line.cost_account_id for line in self.line_ids):
            return self.env._(
                "Choose the account of the cost of points in the settings, or in each "
                "program, and compute again."
            )
        last = self._get_last(self.company_id)
        if last and last.cut_day > self.cut_day:
            return self.env._("A run for a later day was posted meanwhile.")
        return False

    def _find_notice(self):
        later = self._count_later()
        if later:
            return self.env._(
                "%s entries of these days are not in it: they were booked since, or "
                "were not final yet. Compute it again.",
                later,
            )
        units = self.line_ids.filtered(
            lambda line: line.points and not line.point_value
        ).unit_id
        if not units:
            return False
        return self.env._(
            "A point has no value, and is owed at nothing: %s. Say what it costs in "
            "the unit.",
            ", ".join(units.mapped("name")),
        )

    def _count_later(self):
        """Return how many entries of its days a run does not count."""
        self.ensure_one()
        return count_later(self.env, self.company_id, self.cut_day, int(self.watermark))

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if any(run.state == "posted" for run in self):
            raise UserError(self.env._("A run that was posted cannot be deleted."))

    # === ACTION METHODS === #

    def action_compute(self):
        """Look at what is owed again, with what was booked meanwhile."""
        self.env["b2b2c.account"]._check_manager()
        self.check_access("read")
        for run in self:
            run._check_draft()
            run.sudo()._look(get_watermark(self.env))
        return True

    def action_discard(self):
        """Delete previews."""
        self.env["b2b2c.account"]._check_manager()
        self.check_access("read")
        self.sudo().unlink()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_liability_run_action"
        )

    def action_open_entry(self):
        """Open the journal entry."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.journal_entry_id.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_liability_documents(self):
        """Return the documents of ours that move accounts of points owed themselves.

        A bill for a payout and an invoice that points pay a part of spend points: they
        debit the account when they are posted, and what is owed falls by as much.  A
        package names its own with ``super()``; runs count them, and post nothing for
        them a second time.

        :return: dict code -> ``(label, SQL)``; the query selects ``line_id``, an
            ``account_move_line`` of such a document, and ``unit_id``, the unit whose
            points it spends.  Rows on other accounts do no harm
        """
        return {}

    @api.model
    def _prepare(self, company, day):
        """Return a preview of what is owed at the end of a day.

        The preview of that day that is there already is computed again.

        :param company: ``res.company`` record
        :param day: ``date``, today at the latest
        :raise UserError: the day is to come, or not after the last run
        """
        if day > get_today(company):
            raise UserError(self.env._("The day is not over yet."))
        runs = self.sudo().with_company(company)
        last = runs._get_last(company)
        if last and day <= last.cut_day:
            raise UserError(
                self.env._(
                    "What was owed up to %s is posted already. What came later, or was "
                    "wrong, belongs to the next run.",
                    word_day(self.env, last.cut_day),
                )
            )
        run = runs.search([("company_id", "=", company.id), ("cut_day", "=", day)])
        watermark = get_watermark(self.env)
        if not run:
            run = runs.create(
                {
                    "company_id": company.id,
                    "cut_day": day,
                    "watermark": str(watermark),
                }
            )
        run._look(watermark)
        return run.with_env(self.env)

    @api.model
    def _get_last(self, company):
        """Return the run of a company that was posted last."""
        return self.search(
            [("company_id", "=", company.id), ("state", "=", "posted")],
            order="cut_day desc",
            limit=1,
        )

    def _get_before(self):
        """Return the posted run before this one."""
        self.ensure_one()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "posted"),
                ("cut_day", "<", self.cut_day),
            ],
            order="cut_day desc",
            limit=1,
        )

    def _get_accounts(self):
        """Return all accounts on which the company shows what it owes for points."""
        self.ensure_one()
        programs = self.env["b2b2c.program"].with_context(active_test=False)
        own = programs.search([("company_id", "=", self.company_id.id)])
        lines = self.env["b2b2c.liability.line"].search(
            [("company_id", "=", self.company_id.id)]
        )
        return (
            self.company_id.b2b2c_liability_account_id
            | own.liability_account_id
            | lines.liability_account_id
        )

    def _look(self, watermark):
        """Compute the lines of a preview, with the entries below a position.

        :param int watermark: a position of the feed
        """
        self.ensure_one()
        self.write({"watermark": str(watermark)})
        lines = RunLines(self.with_company(self.company_id)).make()
        self.line_ids.unlink()
        self.env["b2b2c.liability.line"].create(
            [dict(vals, run_id=self.id) for vals in lines]
        )

    def _check_draft(self):
        if self.state != "draft":
            raise UserError(self.env._("This run is posted already."))
