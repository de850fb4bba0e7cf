from odoo import models

from .score_sums import get_sums


class B2b2cChallengeRound(models.Model):
    """Between what is scored and what follows from it.

    Scores are counted from documents and tell here that they changed; what is decided
    with them asks here what they are.
    """

    _inherit = "b2b2c.challenge.round"

    def _get_scored(self, members=None):
        """Return who has a score in this round, as it is known now.

        What was undone is taken off, whatever the state of the round: a recount sees
        it.  What waits for somebody's decision is not in it.

        :param members: ``b2b2c.member``, only these
        :return: list of :class:`~.scored.Scored`, one per person and employer
        """
        self.ensure_one()
        return get_sums(self, members and members.ids)

    def _has_unconfirmed(self):
        """Tell whether something of this round still waits for somebody's decision."""
        self.ensure_one()
        return bool(self._find_held())

    def _after_scores(self, members):
        """Do what follows when scores of somebody changed; they are written already.

        :param members: ``b2b2c.member`` whose scores changed
        """
        for one in self:
            if one.kind == "target":
                one._settle_steps(members)

    def _after_joining(self, entry):
        """Do what follows when somebody took the task on.

        :param entry: ``b2b2c.challenge.entry``
        """
        self._after_scores(entry.member_id)
