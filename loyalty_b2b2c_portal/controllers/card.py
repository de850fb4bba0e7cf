from datetime import date

from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.exceptions import LoyaltyError
from odoo.addons.loyalty_b2b2c.models.terminal.terminal_input import read_number

from ..addresses import PATHS, path
from ..pages.card import CardPage, LateTickets
from .portal import LoyaltyPortal

#: So often within an hour somebody may replace the own card.
_RENEWALS = 5
_CENTS = 2


class LoyaltyCardPortal(LoyaltyPortal):
    """The own card, and tickets of when it was not shown."""

    # === THE CARD === #

    @route(PATHS["card"], type="http", auth="user", website=True, methods=["GET"])
    def portal_my_card(self, sent=None, renewed=None, **kw):
        return self._render_card(sent=bool(sent), renewed=bool(renewed))

    @route(PATHS["card"], type="http", auth="user", website=True, methods=["POST"])
    def portal_my_card_change(self, member="", **post):
        """Send a code that stands for the card, or replace the card."""
        own = CardPage(self._get_own_members()).find(member)
        if not own:
            return request.redirect(path("card"), code=303)
        if "renew" in post:
            return self._renew_card(own)
        if not request.env["b2b2c.card.code"].sudo()._send(own):
            return self._render_card(
                error=request.env._(
                    "No code was sent: there is no phone number that you proved, or "
                    "several were sent within the hour."
                )
            )
        return request.redirect(path("card", sent=1), code=303)

    def _renew_card(self, member):
        counts = request.env["b2b2c.hour.count"].sudo()
        scope = f"card-new/p{member.partner_id.id}"
        if not counts._count_apart(member.company_id, {scope: _RENEWALS}):
            return self._render_card(
                error=request.env._("The card was replaced several times just now.")
            )
        member.action_renew_code()
        return request.redirect(path("card", renewed=1), code=303)

    def _render_card(self, error="", sent=False, renewed=False):
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_card",
            cards=CardPage(self._get_own_members()).cards(),
            error=error,
            sent=sent,
            renewed=renewed,
        )
        return self._respond("portal_my_card", values, error)

    # === TICKETS === #

    @route(PATHS["tickets"], type="http", auth="user", website=True, methods=["GET"])
    def portal_my_tickets(self, credited=None, **kw):
        return self._render_tickets(credited=bool(credited))

    @route(PATHS["tickets"], type="http", auth="user", website=True, methods=["POST"])
    def portal_my_tickets_name(self, number="", day="", total="", **post):
        """Take what stands on a ticket."""
        tickets = LateTickets(self._get_own_members())
        typed = {"number": number[:64], "day": day[:32], "total": total[:32]}
        if not tickets.are_offered():
            words = request.env._("You cannot name tickets at the moment.")
            return self._render_tickets(typed, error=words)
        try:
            amount = read_number(request.env, total, _CENTS)
            sold_on = date.fromisoformat(day)
        except LoyaltyError as error:
            return self._render_tickets(typed, error=str(error))
        except ValueError:
            words = request.env._("Enter the day that stands on the ticket.")
            return self._render_tickets(typed, error=words)
        words, is_credited = tickets.name(number, sold_on, amount)
        if not is_credited:
            return self._render_tickets(typed, error=words)
        return request.redirect(path("tickets", credited=1), code=303)

    def _render_tickets(self, typed=None, error="", credited=False):
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_tickets",
            typed=typed or {"number": "", "day": "", "total": ""},
            error=error,
            credited=credited,
        )
        return self._respond("portal_my_tickets", values, error)
