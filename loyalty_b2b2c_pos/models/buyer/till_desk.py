"""What a till asks about the people who buy, and what it shows of them."""

import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.exceptions import FactError, LoyaltyError
from odoo.addons.loyalty_b2b2c.models.ledger.booked import get_booked
from odoo.addons.loyalty_b2b2c.models.processing.judge import Judge, join

from .. import line_kinds
from . import basket as baskets
from . import shown_buyers

_logger = logging.getLogger(__name__)

_EVENTS = 10  # of one order, at most, that wait


class TillDesk:
    """One open session of a till, asked by whoever works there.

    Texts are in the language of who asks.  Nothing is said of people but of who was
    shown, and of somebody named by a phone number no balance.

    :param session: ``pos.session`` with superuser rights
    :param user: ``res.users`` who asks
    """

    def __init__(self, session, user):
        self.session, self.env, self.user = session, session.env, user
        self.company = session.company_id
        self.members = self.env["b2b2c.member"]

    @property
    def asker(self):
        """Who asks, as a scope of ``b2b2c.hour.count``."""
        return f"u{self.user.id}"

    # === WHO IT IS === #

    def show(self, text):
        """Return who was shown: see ``pos.session.b2b2c_show_buyer``."""
        try:
            shown = self.members._find_named(text, self.company, self.asker)
        except LoyaltyError as error:
            return {"status": "wait", "message": str(error)}
        if shown.member.state != "enrolled":  # paused since, or nobody
            return {
                "status": "unknown",
                "message": self.env._(
                    "Nobody who takes part was found by this. The sale goes on without."
                ),
            }
        if self.env["b2b2c.authority"]._is_self(self.user, members=shown.member):
            return {
                "status": "own",
                "message": self.env._("This is you. A colleague has to serve you."),
            }
        return {"status": "found", "message": "", **self.describe(shown)}

    def describe(self, shown):
        """Return what a till shows of a person."""
        return {
            "ticket": shown.member._sign_shown(shown.way, self.company),
            "name": shown.member._get_masked_name(),
            "way": shown.way,
            "balances": self._word_balances(shown),
        }

    def find(self, ticket):
        """Return whom a ticket of this company's tills names, in force still."""
        shown = self.members._read_shown(ticket, self.company)
        if shown.member.state != "enrolled":
            return shown._replace(member=shown.member.browse())
        return shown

    def send_code(self, text):
        """Send a code to a phone number; the answer does not tell who has it."""
        try:
            self.members._send_card_code(text, self.company, self.asker)
        except LoyaltyError as error:
            return {"message": str(error)}
        return {
            "message": self.env._(
                "If somebody takes part with this number, an SMS with a code is on its "
                "way. Type the code here."
            )
        }

    # === WHAT IT BRINGS === #

    def preview(self, ticket, basket):
        """Return what a basket would bring: see ``pos.session.b2b2c_preview``."""
        shown = self.find(ticket)
        if not shown.member:
            return {"gain": "", "message": self.env._("Show the card again.")}
        order = baskets.imagine(self.session, ticket, basket)
        judge = Judge(self.env, with_refusals=False)
        try:
            verdicts = judge.ask(order, hypothetical=True)[order.id]
            awards = join(verdicts).awards
        except FactError:
            awards = ()  # said by a message when it is sold
        totals = {}
        for award in awards:
            if award.member_id in self._get_own_ids(shown):
                unit = self.env["b2b2c.program"].browse(award.program_id).unit_id
                points = award.points_released + award.points_pending
                totals[unit] = totals.get(unit, 0) + points
        return {"gain": _word(totals), "message": ""}

    def write_receipt(self, order):
        """Return what the receipt of an order says about points, and keep it there.

        :param order: ``pos.order`` of this session
        """
        shown = shown_buyers.get_shown(order)
        if order.state not in line_kinds.PAID or not shown.member:
            return {}
        self._book(order)
        booked = get_booked(self.env, order._name, order.ids).get(order.id, {})
        earned, later = {}, {}
        own = self._get_own_ids(shown)
        for award in booked.values():
            if award.member_id in own:
                account = self.env["b2b2c.account"].browse(award.account_id)
                unit = account.unit_id
                earned[unit] = earned.get(unit, 0) + award.posted
                later[unit] = later.get(unit, 0) + award.pending
        answer = {
            "earned": _word(earned),
            "later": _word(later),
            "balances": self._word_balances(shown),
        }
        if order.b2b2c_receipt != answer:
            order.b2b2c_receipt = answer
        return answer

    def _book(self, order):
        """Book what an order brings, should that wait still: it is done right after the
        order is stored, unless a process died."""
        events = self.env["b2b2c.event"]
        mine = SQL("source_model = %s AND source_id = %s", order._name, order.id)
        try:
            with self.env.cr.savepoint():
                waiting = events._take(mine, _EVENTS)
                if waiting:
                    waiting._process()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the whole request is retried by Odoo
        except Exception:
            _logger.info("Points of %s wait for the sweep", order, exc_info=True)

    def _get_own_ids(self, shown):
        """Return the ids of all memberships of the person who was shown: a program of
        another company knows the person by its own."""
        member = shown.member._get_survivor()
        people = self.members.search([("partner_id", "=", member.partner_id.id)])
        own = people.filtered(lambda one: one.role == member.role)
        return {*own.ids, shown.member.id}

    def _word_balances(self, shown):
        """Return what a person can spend, a text per unit; of whom nothing proves that
        it is the person, nothing."""
        return shown.member._get_balance_texts() if shown.is_proved else []


def _word(totals):
    """Return points per unit as text, empty for none."""
    return " + ".join(
        unit._format(points)
        for unit, points in sorted(totals.items(), key=lambda item: item[0].id)
        if points
    )
