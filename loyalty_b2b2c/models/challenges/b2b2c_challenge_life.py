from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ...engine import day_start, local_day, to_decimal
from ...engine.rounds import round_of
from ...values import aware, naive
from ..base.rows import insert_rows

_CRON = "loyalty_b2b2c.cron_challenge"


class B2b2cChallenge(models.Model):
    """How a challenge starts, and opens its rounds."""

    _inherit = "b2b2c.challenge"

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
        return local_day(aware(fields.Datetime.now()), self.timezone or "UTC")

    def _open_rounds(self):
        """Open the round of today, and the first one already before it starts.

        :return: the rounds that were opened
        """
        opened = self.env["b2b2c.challenge.round"]
        for challenge in self:
            day = max(challenge._get_today(), challenge.first_day)
            days = round_of(
                challenge.recurrence,
                day,
                challenge.first_day,
                challenge.last_day or None,
                challenge.round_days,
            )
            if days:
                opened |= challenge._open_round(*days)
        return opened

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
            self._wake_up(values["date_from"], values["date_to"])
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

    # === CRON === #

    def _wake_up(self, *moments):
        """Let the scheduled action run at some moments (naive UTC)."""
        self.env.ref(_CRON).sudo()._trigger(at=[*moments])

    @api.model
    def _cron_live(self):
        """Open the rounds that are due."""
        running = self.with_user(SUPERUSER_ID).search([("state", "=", "running")])
        running._open_rounds()
