import logging
import secrets
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...engine import day_start, to_decimal
from ...engine.rounds import next_days, round_of
from ...values import naive
from ..base.days import get_today, get_today_in
from ..base.rows import insert_rows, update_in_state
from ..base.transactions import in_transaction
from .b2b2c_challenge_round import OPEN

_logger = logging.getLogger(__name__)

_CRON = "loyalty_b2b2c.cron_challenge"


class B2b2cChallenge(models.Model):
    """How a challenge starts, and opens its rounds."""

    _inherit = "b2b2c.challenge"

    # === WHEN IT BEGINS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let what says no day begin on the day it is where its program is."""
        if "default_first_day" in self.env.context:
            return super().create(vals_list)
        programs = self.env["b2b2c.program"]
        vals_list = [
            {
                "first_day": get_today_in(
                    programs.browse(vals.get("program_id")).timezone
                ),
                **vals,
            }
            for vals in vals_list
        ]
        return super().create(vals_list)

    @api.onchange("program_id")
    def _onchange_program(self):
        """What begins today begins on the day it is where the program is."""
        if self.program_id and self.first_day == get_today(self.env.company):
            self.first_day = self._get_today()

    # === ACTION METHODS === #

    def action_start(self):
        """Let people take part: check the terms, reserve the prizes, open a round."""
        self.check_access("write")
        for challenge in self:
            challenge._check_start()
            challenge.state = "running"
            challenge.sudo()._open_rounds()
        return True

    # === CHECKS === #

    def _check_start(self):
        """Refuse a challenge that cannot be run.

        :raise UserError: says what is missing
        """
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("“%s” was started already.", self.name))
        if self.last_day and self.last_day < self._get_today():
            raise UserError(
                self.env._(
                    "“%s” is over before it starts: choose a later last day.", self.name
                )
            )
        for program in self.program_id | self.prize_ids.program_id:
            if program.state != "running":
                raise UserError(
                    self.env._(
                        "“%(program)s” is not running: start it first, it pays the "
                        "prizes.",
                        program=program.name,
                    )
                )
        self._check_prizes()
        if not self._count_audience():
            raise UserError(
                self.env._(
                    "“%s” is for nobody: no participant has these roles, shops, "
                    "regions and tags.",
                    self.name,
                )
            )

    def _check_prizes(self):
        """Refuse prizes that do not fit the kind; kinds of challenges extend it.

        :raise UserError: says which
        """
        self.ensure_one()
        if not self.prize_ids:
            raise UserError(self.env._("Add a prize to “%s” first.", self.name))
        if self.kind == "target":
            if self.prize_ids.filtered(lambda one: one.place_from or not one.threshold):
                raise UserError(
                    self.env._(
                        "The prizes of a task have a threshold each: so much is to be "
                        "reached."
                    )
                )
        elif self.kind == "contest":
            if self.prize_ids.filtered(lambda one: one.threshold or not one.place_from):
                raise UserError(
                    self.env._(
                        "The prizes of a contest have a place each, from the first on."
                    )
                )

    # === ROUNDS === #

    def _get_today(self):
        """Return the day it is for this challenge."""
        return get_today_in(self.timezone)

    def _open_rounds(self):
        """Open the round of today, and the first one already before it starts.

        :return: the rounds that were opened
        """
        opened = self.env["b2b2c.challenge.round"]
        for challenge in self:
            days = challenge._get_present_days()
            if days:
                opened |= challenge._open_round(*days)
        return opened

    def _get_present_days(self):
        """Return the first day of the round of today, or of the first one, and the day
        after its last; ``None`` when it is over."""
        self.ensure_one()
        return round_of(
            self.recurrence,
            max(self._get_today(), self.first_day),
            self.first_day,
            self.last_day or None,
            self.round_days,
        )

    def _open_round(self, first, after):
        """Open a round, unless it is there, and reserve its prizes.

        :param date first: its first day
        :param date after: the day after its last
        :return: ``b2b2c.challenge.round``, empty when it was there
        :raise UserError: the budget does not pay the prizes
        """
        self.ensure_one()
        rounds = self.env["b2b2c.challenge.round"].sudo()
        values = self._prepare_round(first, after)
        opened = rounds.browse(insert_rows(rounds, [values]))
        if opened:
            self.invalidate_recordset(["round_ids", "round_count"])
            self._reserve(opened)
            moments = ("date_from", "date_to", "counts_until", "final_from")
            self._wake_up(*(values[name] for name in moments))
        return opened

    def _prepare_round(self, first, after):
        """Return the columns of a round of these days."""
        tz = self.timezone
        date_from, date_to = naive(day_start(first, tz)), naive(day_start(after, tz))
        counts_until = date_to + timedelta(hours=self.grace_hours)
        final_from = counts_until + timedelta(days=self.review_days)
        return {
            "challenge_id": self.id,
            "company_id": self.company_id.id,
            "first_day": first,
            "last_day": after - timedelta(days=1),
            "date_from": date_from,
            "date_to": date_to,
            "counts_until": counts_until,
            "final_from": final_from,
            "clawback_until": max(
                final_from, date_to + timedelta(days=self.clawback_days)
            ),
            "state": "running",
            "places_taken": 0,
            "seed": secrets.token_hex(16),
            "version": 0,
        }

    def _reserve(self, round_):
        """Reserve what the prizes of a round can cost from the budgets.

        :raise UserError: a budget does not pay them
        """
        scopes = self.env["b2b2c.cap.scope"]
        cost = self._get_greatest_cost(self._count_audience())
        for program in sorted(cost, key=lambda one: one.id):  # one order: no deadlock
            limit = to_decimal(program.budget_points) or None
            document = round_._get_budget_key()
            if not scopes._set_use(document, f"p{program.id}", cost[program], limit):
                raise UserError(
                    self.env._(
                        "The prizes of “%(challenge)s” can cost %(cost)s, and the "
                        "budget of “%(program)s” has %(left)s left. Raise the budget, "
                        "or lower the prizes.",
                        challenge=self.name,
                        cost=program.unit_id._format(cost[program]),
                        program=program.name,
                        left=program.unit_id._format(program.budget_left),
                    )
                )
        self.env.ref("loyalty_b2b2c.cron_budget").sudo()._trigger()

    # === GOING ON === #

    def _wake_up(self, *moments):
        """Let the scheduled action run at some moments (naive UTC)."""
        self.env.ref(_CRON).sudo()._trigger(at=[*moments])

    @api.model
    def _cron_live(self):
        """Open the rounds that are due, and let others go on.

        Each in a transaction of its own: what fails is tried again, and keeps nobody
        else waiting.
        """
        registry = self.env.registry
        for challenge_id in self.search([("state", "=", "running")]).ids:
            _try(registry, self._name, challenge_id, "_open_due")
        rounds = self.env["b2b2c.challenge.round"]
        for round_id in rounds.search(rounds._get_due_domain(), order="date_to").ids:
            _try(registry, rounds._name, round_id, "_advance")
        awards = self.env["b2b2c.challenge.award"]
        for award_id in awards.search(awards._get_ready_domain()).ids:
            _try(registry, awards._name, award_id, "_give")
        for challenge_id in self.search([("state", "=", "running")]).ids:
            _try(registry, self._name, challenge_id, "_close_when_over")

    def _open_due(self):
        """Open the round of today; when no budget pays it, the manager has a to-do."""
        self.ensure_one()
        if self.first_day > self._get_today():
            return
        try:
            with self.env.cr.savepoint():
                self._open_rounds()
        except UserError as error:
            self._alert_unopened(str(error))

    def _alert_unopened(self, problem):
        """Give the manager a to-do, once: a round could not be opened."""
        user = self.company_id._get_loyalty_manager()
        if not user:
            return
        words = self.with_context(lang=user.lang)
        self._alert_once(user, words.env._("The next round was not opened"), problem)

    def _alert_once(self, user, summary, note):
        """Give somebody a to-do, unless it is there.

        :param user: ``res.users``
        :param str summary: tells it from others
        :param str note: what to do
        """
        if self.activity_ids.filtered(lambda one: one.summary == summary):
            return
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=note,
            user_id=user.id,
        )

    def _close_when_over(self):
        """Close a challenge whose last round is final."""
        self.ensure_one()
        is_over = self.last_day and self.last_day < self._get_today()
        if is_over and not self.round_ids.filtered(lambda one: one.state in OPEN):
            self.state = "closed"

    # === ENDING === #

    def action_stop(self):
        """Let the round of today be the last one."""
        self.check_access("write")
        for challenge in self:
            if challenge.state != "running":
                raise UserError(self.env._("“%s” is not running.", challenge.name))
            last = challenge.round_ids.filtered(lambda one: one.state == "running")
            day = max(last.mapped("last_day"), default=challenge._get_today())
            # what is settled does not change, but for this
            update_in_state(challenge.sudo(), ["running"], last_day=day)
        return True

    def _cancel(self, reason):
        """End a challenge at once; the rounds that are not final have no result.

        :param str reason: participants read it
        """
        self.ensure_one()
        if self.state not in ("draft", "running"):
            raise UserError(
                self.env._("“%s” is over: there is nothing to cancel.", self.name)
            )
        concerned = self.sudo()._get_concerned()
        self.write({"state": "cancelled", "cancel_reason": reason})
        for round_ in self.sudo().round_ids.sorted("id"):
            round_._cancel(reason)
        self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": "challenge_cancelled",
                    "key": f"{self._name},{self.id}/cancelled/{member.id}",
                    "member_id": member.id,
                    "document_name": self.name,
                    "res_model": self._name,
                    "res_id": self.id,
                    "details": {
                        "challenge": self.with_context(lang=member.lang).name,
                        "answer": reason,
                    },
                }
                for member in concerned
            ]
        )

    def _get_concerned(self):
        """Return who takes part in a round that is not final: took it on, or scored."""
        concerned = self.env["b2b2c.member"].sudo()
        for round_ in self.round_ids.filtered(lambda one: one.state in OPEN):
            entries = round_._get_entries()
            for member, entry in entries.items():
                if entry.state == "joined":
                    concerned |= member
            concerned |= concerned.union(*round_._get_totals())
        return concerned

    def action_copy_on(self):
        """Open a copy for the days that follow: the next month, for a whole month."""
        self.ensure_one()
        self.check_access("write")
        first, last = next_days(self.first_day, self.last_day or None)
        copy = self.copy({"name": self.name, "first_day": first, "last_day": last})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": copy.id,
            "views": [(False, "form")],
        }


def _try(registry, model, record_id, method):
    """Call a method of a record in a transaction of its own; a fault is logged."""
    try:
        in_transaction(
            registry, lambda env: getattr(env[model].browse(record_id), method)()
        )
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        _logger.info("%s %s goes on with the next run", model, record_id)
    except Exception:
        _logger.exception("%s %s could not go on", model, record_id)
