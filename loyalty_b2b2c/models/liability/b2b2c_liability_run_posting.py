import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, models
from odoo.exceptions import UserError

from ...values import shown
from ..base.days import get_today
from ..base.rows import update_in_state
from ..base.transactions import in_transaction
from .run_lines import RunLines

_logger = logging.getLogger(__name__)
_KEY = ("unit_id", "program_id", "liability_account_id")
_COMPARED = (
    "cost_account_id", "point_value", "expected_expiry", "points", "target", "by_runs",
    "by_documents", "amount", "amount_currency", "revaluation",
)  # fmt: skip


class B2b2cLiabilityRun(models.Model):
    """From a preview to an entry of the general ledger, by hand and every month."""

    _inherit = "b2b2c.liability.run"

    # === ACTION METHODS === #

    def action_post_run(self):
        """Post what was looked at.

        :raise UserError: the user may not, or the preview is not right any more
        """
        self.env["b2b2c.account"]._check_manager()
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise UserError(
                self.env._("Only who may post journal entries may post what is owed.")
            )
        for run in self.sorted("cut_day"):
            run._post()
        return True

    # === POSTING === #

    def _post(self):
        """Post the difference as one entry, dated at the end of the run.

        The entry is made with the user's own rights in accounting.

        :raise UserError: it is posted already, something is missing, or anything
            changed since it was looked at
        """
        self.ensure_one()
        run = self.sudo().with_company(self.company_id)
        run._check_draft()
        if run.problem:
            raise UserError(run.problem)
        run._check_same()
        run._take()
        values = run._prepare_entry()
        if not values:
            return
        # what is stored is ours, what is posted is the user's
        move = self.env["account.move"].with_company(self.company_id).create(values)
        move._post(soft=False)
        run.write({"journal_entry_id": move.id, "posted_on": move.date})

    def _check_same(self):
        """Refuse to post what nobody looked at: the same position has to tell the same.

        :raise UserError: a value, an account or what stands on it changed
        """
        now = {_get_key(vals): _get_figures(vals) for vals in RunLines(self).make()}
        seen = {}
        for line in self.line_ids:
            vals = {
                name: line._fields[name].convert_to_write(line[name], line)
                for name in (*_KEY, *_COMPARED)
            }
            seen[_get_key(vals)] = _get_figures(vals)
        if now != seen:
            raise UserError(
                self.env._(
                    "Values, accounts or what stands on them changed since this was "
                    "computed. Compute it again, look, and post."
                )
            )

    def _take(self):
        """Mark the run as posted: once, and after the one before it.

        :raise UserError: somebody else posted it
        """
        before = self._get_before()
        taken = update_in_state(self, ["draft"], state="posted", previous_id=before.id)
        if not taken:
            raise UserError(self.env._("This run is posted already."))
        lines = self.line_ids
        self.env.add_to_compute(lines._fields["state"], lines)

    def _prepare_entry(self):
        """Return the values of the journal entry; empty with nothing to post."""
        rows = [
            Command.create(row) for line in self.line_ids for row in line._get_rows()
        ]
        if not rows:
            return {}
        return {
            "move_type": "entry",
            "journal_id": self._get_journal().id,
            "date": self.cut_day,
            "ref": self.display_name,
            "line_ids": rows,
        }

    def _get_journal(self):
        """Return the journal of the company's runs, a new one if there is none."""
        company = self.company_id
        if not company.b2b2c_liability_journal_id:
            company.b2b2c_liability_journal_id = self.env["account.journal"].create(
                {
                    "name": self.env._("Points Owed"),
                    "type": "general",
                    "company_id": company.id,
                    "code": self._get_free_code(company),
                    "show_on_dashboard": False,
                }
            )
        return company.b2b2c_liability_journal_id

    def _get_free_code(self, company):
        """Return a code that no journal of the company has."""
        journals = self.env["account.journal"].with_context(active_test=False)
        taken = set(journals.search([("company_id", "=", company.id)]).mapped("code"))
        codes = ("PTS", *(f"PTS{number}" for number in range(2, 100)))
        return next(code for code in codes if code not in taken)

    # === CRON === #

    @api.model
    def _cron_post(self):
        """Post the months that are over, for companies that want it."""
        companies = self.env["res.company"].search(
            [("b2b2c_liability_monthly", "=", True)]
        )
        for company in companies:
            try:
                in_transaction(
                    self.env.registry,
                    lambda env, own=company.id: env[self._name]._post_months(
                        env["res.company"].browse(own)
                    ),
                )
            except UserError as error:
                _logger.warning("What %s owes is not posted: %s", company.name, error)

    @api.model
    def _post_months(self, company):
        """Post a run for each month of a company that is over, one after another.

        A preview that cannot be posted stays for somebody to look at; one that does not
        count all entries, as something was running that began before, waits for the
        next day.
        """
        for day in self._get_due_days(company):
            run = self._prepare(company, day)
            problem = run.problem or (run._count_later() and run.notice)
            if problem:
                _logger.warning("What %s owes is not posted: %s", company.name, problem)
                return
            run._post()

    def _get_due_days(self, company):
        """Return the ends of months since the last run, the last one without any."""
        end = get_today(company).replace(day=1) - timedelta(days=1)
        last = self._get_last(company)
        if not last:
            return [end]
        day, days = _get_month_end(last.cut_day + timedelta(days=1)), []
        while day <= end:
            days.append(day)
            day = _get_month_end(day + timedelta(days=1))
        return days


def _get_key(vals):
    return tuple(vals[name] or 0 for name in _KEY)


def _get_figures(vals):
    return tuple(shown(round(vals[name] or 0, 6)) for name in _COMPARED)


def _get_month_end(day):
    return day + relativedelta(day=31)
