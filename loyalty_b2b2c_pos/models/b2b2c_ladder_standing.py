from odoo import models

from .ticket_sales import TicketSales


class LadderStanding(models.Model):
    """Open tills hear of another tier."""

    _inherit = "b2b2c.ladder.standing"

    def _get_tier_sales(self):
        return [*super()._get_tier_sales(), TicketSales(self.env)]

    def _after_change(self, before, reason):
        """Send the dealer's price list to tills that are open; they keep customers."""
        super()._after_change(before, reason)
        if self.ladder_id.benefit == "bonus":
            return
        sessions = (
            self.env["pos.session"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("state", "in", ("opening_control", "opened")),
                ]
            )
        )
        partners = self.env["res.partner"].search(
            [("id", "child_of", self.partner_id.ids)]
        )
        for session in sessions:
            session.config_id.with_company(self.company_id).notify_synchronisation(
                session.id, 0, {"res.partner": partners.ids}
            )
