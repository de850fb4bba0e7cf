from odoo import models

from ...engine import as_text, to_decimal
from ...values import shown


class B2b2cChallenge(models.Model):
    """What screens open from a challenge, and how they word its scores."""

    _inherit = "b2b2c.challenge"

    # === ACTION METHODS === #

    def action_open_rounds(self):
        """Open the rounds of this challenge."""
        return self._open("b2b2c_challenge_round_action")

    def action_open_awards(self):
        """Open the prizes people got here."""
        return self._open("b2b2c_challenge_award_action")

    def action_open_audience(self):
        """Open the people this challenge is for."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_member_action"
        )
        people = self.env["b2b2c.member"].search(self._get_audience_domain())
        return dict(action, domain=[("id", "in", people.ids)], context={})

    def _open(self, name):
        """Return an action of this package, for the rows of this challenge."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(f"loyalty_b2b2c.{name}")
        return dict(action, domain=[("challenge_id", "=", self.id)], context={})

    # === WORDS === #

    def _format_score(self, score):
        """Return a score in the reader's words, with what it counts."""
        self.ensure_one()
        score = to_decimal(score)
        if self.metric == "amount":
            return self.sudo().currency_id.format(shown(score))
        if self.metric == "points":
            return self.sudo().unit_id._format(score)
        words = {
            "sales": self.env._("%s sales", as_text(score)),
            "units": self.env._("%s units", as_text(score)),
            "scans": self.env._("%s codes", as_text(score)),
        }
        return words.get(self.metric, as_text(score))
