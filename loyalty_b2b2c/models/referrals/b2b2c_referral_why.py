from odoo import models

from ..base.days import word_day


class B2b2cReferral(models.Model):
    """Why a recommender is not credited for a purchase."""

    _inherit = "b2b2c.referral"

    def _word_why_not(self, at):
        """Return why nobody is credited by this recommendation for what was bought.

        :param at: naive UTC, when it was bought
        :return: sentences in the reader's language, none when somebody is
        """
        self.ensure_one()
        if self._counts_at(at):
            return []
        if self.state == "ended":
            day = word_day(self.env, self.ended_at)
            return [self.env._("This recommendation ended on %s.", day)]
        return [self._word_undecided(), *self._word_signs()]

    def _word_undecided(self):
        """Return what becomes of a recommendation that is unusual."""
        if self.state == "refused":
            return self.env._("This recommendation does not count.")
        if not self.decide_by:
            return self.env._("A person decides whether this recommendation counts.")
        return self.env._(
            "A person decides by %s whether this recommendation counts.",
            word_day(self.env, self.decide_by),
        )

    def _word_limit(self, document, at):
        """Return why a purchase of the customer is not the recommender's, empty when it
        could be.

        :param document: the purchase, stored or imagined
        """
        self.ensure_one()
        if self._would_cover(document, at):
            return ""
        if at < self.bound_at:
            return self.env._(
                "The customer was brought on %s, after this purchase.",
                word_day(self.env, self.bound_at),
            )
        if self._counts_once():
            return self.env._("Recommenders are credited for the first purchase only.")
        return self.env._(
            "Recommenders are credited for what is bought before %s.",
            word_day(self.env, self.until),
        )
