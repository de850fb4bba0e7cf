from datetime import timedelta

from odoo import fields, models

from ...engine.rounds import rounds_before
from ..base.rows import insert_rows
from .b2b2c_challenge_round import PAST

#: So long after the start what was sold before may reach us: it waits in the outbox.
_GRACE = timedelta(days=1)


class B2b2cChallenge(models.Model):
    """Where everybody competes with the own past, it begins before the challenge."""

    _inherit = "b2b2c.challenge"

    def _open_rounds(self):
        for challenge in self:
            if challenge.best_rounds and not challenge.round_ids:
                challenge._open_past()
        return super()._open_rounds()

    def _open_past(self):
        """Count what was sold in the rounds that would have been before the first one.

        They are rounds like others, counted from documents and proved by them, but
        nothing can be won in them.  What reaches us later adds nothing, so that nobody
        has to sell more than at the start; what comes back lowers them as long as
        prizes of the first round can come back.
        """
        self.ensure_one()
        days = self._get_present_days()
        if not days:
            return
        first = self._prepare_round(*days)
        grace = max(timedelta(hours=self.grace_hours), _GRACE)
        counts_until = max(fields.Datetime.now(), first["date_from"]) + grace
        values = {
            "state": PAST,
            "counts_until": counts_until,
            "final_from": counts_until,
            "clawback_until": max(counts_until, first["clawback_until"]),
        }
        before = rounds_before(
            self.recurrence,
            first["first_day"],
            first["last_day"],
            self.best_rounds,
            self.round_days,
        )
        rounds = self.env["b2b2c.challenge.round"].sudo()
        rows = [{**self._prepare_round(*one), **values} for one in before]
        opened = rounds.browse(insert_rows(rounds, rows))
        self.invalidate_recordset(["round_ids", "round_count"])
        self._forget_windows()
        for one in opened:
            one._count_past()
