from odoo import fields, models


class B2b2cRedemption(models.Model):
    """The payout a request is for, and one person's requests one after the other."""

    _inherit = "b2b2c.redemption"

    payout_ids = fields.One2many(
        "b2b2c.payout", "redemption_id", groups="loyalty_b2b2c.group_officer"
    )

    def _take(self, offer):
        """Let a person who asks for money twice at once come in a line: what is left
        of the month was read before."""
        if offer.reward.kind == "payout":
            for unit in self.member_id._get_of_person().account_ids.unit_id.sorted(
                "id"
            ):
                self._line_up_person(unit)
        return super()._take(offer)

    def action_open_payout(self):
        """Open the payout of this request."""
        self.ensure_one()
        return self.payout_ids._get_records_action()
