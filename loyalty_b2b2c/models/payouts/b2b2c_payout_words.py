from odoo import models

from ..base.days import word_day


class B2b2cPayout(models.Model):
    """What the participant reads about a payout, in the language of the environment."""

    _inherit = "b2b2c.payout"

    def _word_state(self):
        """Return how far it is; empty where the request's own state says it."""
        return {
            "requested": self.env._("Confirm it"),
            "proved": self.env._("Being checked"),
            "approved": self.env._("Approved"),
            "ordered": self.env._("On its way"),
            "paid": self.env._("Paid"),
            "returned": self.env._("Came back"),
        }.get(self.state, "")

    def _word_steps(self):
        """Return what happened so far, a sentence each."""
        steps = [
            (self.proved_at, self.env._("You confirmed it")),
            (self.approved_at, self.env._("Approved")),
            (self.ordered_at, self.env._("Payment ordered")),
            (self.paid_at, self.env._("Paid")),
        ]
        done = [f"{words}: {word_day(self.env, day)}" for day, words in steps if day]
        return (self._word_target(), *done)

    def _word_target(self):
        """Return where the money goes."""
        if not self.account_text:  # forgotten
            return self._word_amount()
        return self.env._(
            "To the account %(account)s of %(holder)s",
            account=self.account_text,
            holder=self.holder,
        )

    def _word_arrived(self):
        """Return what the message about a payment says: what arrived, and where."""
        paid = self.paid_amount or self.amount
        if self.currency_id.compare_amounts(paid, self.amount) < 0:
            return self.env._(
                "%(paid)s arrive on your account %(account)s, %(amount)s less taxes.",
                paid=self._word_amount(paid),
                account=self.account_text,
                amount=self._word_amount(),
            )
        return self.env._(
            "%(paid)s arrive on your account %(account)s.",
            paid=self._word_amount(paid),
            account=self.account_text,
        )
