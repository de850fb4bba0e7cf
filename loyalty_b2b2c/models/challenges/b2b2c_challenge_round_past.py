from odoo import models

from .b2b2c_challenge_round import OPEN, PAST


class B2b2cChallengeRound(models.Model):
    """Rounds before a challenge began: nobody sees them, nothing is won in them."""

    _inherit = "b2b2c.challenge.round"

    def _after_scores(self, members):
        """What somebody sold before may raise or lower what there is to reach now."""
        past = self.filtered(lambda one: one.state == PAST)
        result = super(B2b2cChallengeRound, self - past)._after_scores(members)
        for one in past.challenge_id.sudo().round_ids:
            if one.state in OPEN:
                one._settle_steps(members)
        return result

    def _verify_standings(self):
        """Nobody has a place in them."""
        ranked = self.filtered(lambda one: one.state != PAST)
        return super(B2b2cChallengeRound, ranked)._verify_standings()

    def _is_open_to(self, member):
        return self.state != PAST and super()._is_open_to(member)

    def _find_team(self, owner):
        if self.state == PAST:
            return owner.browse()
        return super()._find_team(owner)
