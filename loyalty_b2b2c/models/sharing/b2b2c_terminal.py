from odoo import api, models

from ..referrals.referral_words import word
from ..terminal.terminal_input import read_text


class B2b2cTerminal(models.AbstractModel):
    """At the counter the customer names who recommended the shop."""

    _inherit = "b2b2c.terminal"

    @api.model
    def start(self):
        """Tell the screen whether there are recommendations to enter."""
        answer = super().start()
        company = self._get_counter().company
        campaigns = self.env["b2b2c.referral.campaign"]._get_counting(company)
        return {**answer, "has_recommendations": bool(campaigns)}

    @api.model
    def preview(self, ticket, sale):
        """Tell also what the customer pays less.

        :return: see ``super()``; ``recommendation`` is a sentence for the operator
        """
        answer = super().preview(ticket, sale)
        counter = self._get_counter()
        code = self._read_further(sale if isinstance(sale, dict) else {}).get(
            "referral_code"
        )
        sentence = ""
        if code:
            found = self.env["b2b2c.referral.link"]._find(code, counter.company)
            own = found.link and found.link._is_word_of_owner()
            sentence = word(self.env, "own_word") if own else found.message
            sentence = sentence or found.link._word_given()
        return {**answer, "recommendation": sentence}

    @api.model
    def _read_further(self, sale):
        further = super()._read_further(sale)
        code = read_text(sale.get("referral_code"))
        return {**further, "referral_code": code} if code else further
