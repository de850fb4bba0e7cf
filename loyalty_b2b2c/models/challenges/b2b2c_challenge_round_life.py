from odoo import fields, models

from ..base.rows import update_in_state
from .b2b2c_challenge_round import FINAL, OPEN


class B2b2cChallengeRound(models.Model):
    """How a round goes on: running, counting, provisional, final, corrected.

    Each step is a conditional UPDATE of the state: of several processes one does what
    follows, and one that died half-way has done nothing.
    """

    _inherit = "b2b2c.challenge.round"

    def _advance(self):
        """Do what is due now, step by step."""
        self.ensure_one()
        now = fields.Datetime.now()
        if self.is_unpaid:
            self._pay_again()
        if self.state == "running" and now >= self.date_to:
            self._move("running", "counting")
        if self.state == "counting" and now >= self.counts_until:
            self._show()
        elif self.state == "provisional" and now < self.final_from:
            self._count_again()
        if self.state == "provisional" and now >= self.final_from:
            self._finish()

    def _pay_again(self):
        """Try again to give prizes that no budget paid; they are noted anew."""
        self._note_unpaid(False)
        if self.kind == "target":
            self._settle_steps(
                self.env["b2b2c.member"].sudo().union(*self._get_totals())
            )
        elif self.kind == "contest" and self.state in FINAL:
            self._award_written()
            self._give_places()

    def _show(self):
        """Let the result be seen; prizes wait."""
        if self._move("counting", "provisional"):
            self._settle()

    def _count_again(self):
        """Let the provisional result follow what was learned since."""
        if self._move("provisional", "provisional"):
            self._settle()

    def _settle(self, **how):
        """Write down who is where, and bring the prizes in line.

        Thresholds were settled with each score.
        """
        if self.kind != "contest":
            return
        outcomes = self._count_outcomes()
        wins = self._get_wins(outcomes)
        self._write_results(outcomes, wins)
        self._settle_places(outcomes, wins, **how)

    def _finish(self):
        """Make the result final: frozen, prizes given, the rest of the budget free.

        Where everything has to be decided first, it waits for that.
        """
        challenge = self.challenge_id.sudo()
        if challenge.held_policy == "wait" and self._has_unconfirmed():
            self._count_again()
            return
        if self._move("provisional", "final", closed_at=fields.Datetime.now()):
            self._settle()
            self._freeze("final")

    def _freeze(self, state):
        """Give what waits, and remember the fingerprint of the result."""
        self._give_places()
        self._release_reserve()
        update_in_state(self, [state], digest=self._get_digest())
        self._after_final()

    def _after_final(self):
        """Do what follows when a result became final, also by a recount."""

    def _recount(self, moves_up):
        """Count a final result anew: the places become another version.

        Who has less now gives back, by a reversal.  What others see of it is told.

        :param bool moves_up: whether others get the prizes that are free
        """
        self.ensure_one()
        if not update_in_state(
            self, FINAL, state="corrected", version=self.version + 1
        ):
            return False
        self._settle(moves_up=moves_up)
        self._freeze("corrected")
        return True

    def _cancel(self, reason):
        """End this round without a result; what waited is taken back.

        Prizes of thresholds that were reached stay with who reached them.

        :param str reason: shown on the statement
        """
        self.ensure_one()
        if not update_in_state(self, OPEN, state="cancelled"):
            return False
        for award in self.sudo().award_ids.filtered(lambda one: one.state == "pending"):
            award._take_back(reason)
        self._release_reserve()
        return True
