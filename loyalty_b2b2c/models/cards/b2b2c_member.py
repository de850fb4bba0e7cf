import re
from datetime import datetime, timezone
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import hash_sign, verify_hash_signed

from ...engine.typed_text import is_storable
from ...exceptions import LoyaltyError, ShownTooLongAgo
from ..base.code_picture import draw_code
from ..base.rows import delete_rows
from ..people.member_code import DIGITS_LENGTH, read_code, shown_code, to_digits
from .b2b2c_card_code import DIGITS

#: Searches by what can be guessed, within an hour.
GUESSES = 60
GUESSES_OF_COMPANY = 3000
#: So long after it was shown a card pays: points leave while the person is there.
PAYS_HOURS = 2
_TICKET = "b2b2c_shown"
_TICKET_LENGTH = 400
_TEXT_LENGTH = 4 * DIGITS_LENGTH
_PHONE = re.compile(r"\+?[0-9\s().\-/]{5,32}")


class Shown(NamedTuple):
    """Who was shown at a counter, and how.

    :ivar member: ``b2b2c.member`` of the superuser, empty for nobody
    :ivar way: ``"card"``, ``"code"`` (by SMS) or ``"phone"``; a phone number is known
        to others as well, so it proves nothing
    """

    member: models.BaseModel
    way: str

    @property
    def is_proved(self):
        """Whether the person showed what nobody else has."""
        return bool(self.member) and self.way != "phone"


class B2b2cMember(models.Model):
    """Who was shown at a counter: by a card, a code by SMS, or a phone number.

    The one place that reads what was shown; see :meth:`_find_shown`.  What a till then
    holds is no code of the person but a signed ticket of ours: it opens nothing
    elsewhere, not at another partner's till either, and the card that was replaced
    meanwhile is no matter.  Who bought is told by it whenever the till has a network
    again; it pays for a while only.
    """

    _inherit = "b2b2c.member"

    # === FINDING === #

    @api.model
    def _find_shown(self, text, company, asker):
        """Return who was shown at a counter.

        Nobody, somebody who is paused or left, and somebody of another company are the
        same answer.  Searches by what can be guessed are counted.

        :param text: as scanned or typed: anything
        :param company: ``res.company`` of the counter
        :param str asker: who searches, as a scope of ``b2b2c.hour.count``
        :return: :class:`Shown`
        :raise LoyaltyError: the asker searched too often
        """
        text = text.strip() if isinstance(text, str) and is_storable(text) else ""
        text = text[:_TEXT_LENGTH]
        companies = self._get_card_companies(company)
        code = read_code(text)
        if code:
            return Shown(
                self._find_buying(Domain("code", "=", code), companies), "card"
            )
        self._count_guess(company, asker)
        digits = re.sub(r"[\s-]", "", text)
        if len(digits) == DIGITS and digits.isascii() and digits.isdigit():
            found = self.env["b2b2c.card.code"]._take(companies, digits)
            if found:
                domain = Domain("id", "in", found.ids)
                return Shown(self._find_buying(domain, companies), "code")
        number = self._read_phone(text, company)
        domain = self._has_address("phone_sanitized", number, is_proved=True)
        return Shown(self._find_buying(domain, companies), "phone")

    @api.model
    def _send_card_code(self, text, company, asker):
        """Send a code to who takes part with a phone number, if anybody does.

        :param text: a phone number as typed
        :raise LoyaltyError: the asker searched too often
        """
        self._count_guess(company, asker)
        number = self._read_phone(text if isinstance(text, str) else "", company)
        domain = self._has_address("phone_sanitized", number, is_proved=True)
        member = self._find_buying(domain, self._get_card_companies(company))
        if member:
            self.env["b2b2c.card.code"].sudo()._send(member)

    @api.model
    def _get_card_companies(self, company):
        """Return the companies whose participants count at a company's counters: its
        own, and those that award points for what is sold there."""
        awarding = self.env["b2b2c.program"]._get_awarding_companies(company.id)
        return company.sudo().browse(dict.fromkeys((company.id, *awarding)))

    def _find_buying(self, domain, companies):
        """Return the membership in force that buys, of the one person a domain finds.

        A person may work in a shop and buy for himself: a buyer is an end customer
        first.

        :param domain: that finds memberships
        :return: one ``b2b2c.member`` of the superuser, or none
        """
        members = self.sudo().with_context(active_test=True)
        in_force = Domain("company_id", "in", companies.ids)
        in_force &= Domain("state", "=", "enrolled")
        found = members.search(in_force & domain)
        if len(found.partner_id) > 1:
            found = members.browse()  # nobody says which of them it is
        # asked for nobody too: time tells nothing
        people = Domain("partner_id", "in", found.partner_id.ids or [-1])
        own = members.search(in_force & people, order="enrolled_at, id")
        own = own.filtered(lambda one: one.company_id in found.company_id)
        return (own.filtered(lambda one: one._buys_anywhere()) or found)[:1]

    def _count_guess(self, company, asker):
        """Count one more search by what can be guessed.

        :raise LoyaltyError: it is too much
        """
        counts = self.env["b2b2c.hour.count"].sudo()
        limits = {f"shown/{asker}": GUESSES, "shown": GUESSES_OF_COMPANY}
        if not counts._count_apart(company, limits):
            raise LoyaltyError(
                self.env._("Too many searches within the hour. Scan the card instead.")
            )

    def _read_phone(self, text, company):
        """Return a typed phone number in international form, empty for none."""
        if not _PHONE.fullmatch(text.strip()):
            return ""
        number = company.sudo().partner_id._phone_format(
            number=text, country=company.sudo().country_id, force_format="E164"
        )
        return number or ""

    # === WHAT A COUNTER HOLDS === #

    def _sign_shown(self, way, company, place=""):
        """Return the ticket with which a counter names this member from now on.

        :param str way: see :class:`Shown`
        :param company: ``res.company`` of the counter
        :param str place: whose counter it is, where it is not the company's own
        """
        self.ensure_one()
        values = [self.id, company.id, way, place, int(_now().timestamp())]
        return hash_sign(self.env(su=True), _TICKET, values)

    @api.model
    def _read_shown(self, ticket, company, place="", pays=False):
        """Return whom a ticket of a company's counters names.

        :param ticket: anything
        :param str place: see :meth:`_sign_shown`
        :param bool pays: the person's points are to leave, so the person has to be
            there: not long after the card was shown
        :return: :class:`Shown`; nobody when it is forged or of another counter
        :raise ShownTooLongAgo: it does not pay any more
        """
        nobody = Shown(self.sudo().browse(), "")
        if not isinstance(ticket, str) or not 0 < len(ticket) <= _TICKET_LENGTH:
            return nobody
        try:
            values = verify_hash_signed(self.env(su=True), _TICKET, ticket)
        except (ValueError, IndexError):
            return nobody
        if not values:
            return nobody
        # a till without a network may hold tickets of an earlier version
        member, its_company, way, its_place, at = [*values, "", 0][:5]
        if its_company != company.id or its_place != place:
            return nobody
        if pays and _now().timestamp() - at > PAYS_HOURS * 3600:
            raise ShownTooLongAgo(
                self.env._("The card was shown too long ago. Please scan it again.")
            )
        return Shown(self.sudo().browse(member).exists(), way)

    @api.model
    def _find_named(self, token, company, asker, place="", pays=False):
        """Return whom a counter names by what it holds: a ticket of ours, or what was
        shown while it had no network.

        :param asker: see :meth:`_find_shown`
        :param place, pays: see :meth:`_read_shown`
        :return: :class:`Shown`
        :raise LoyaltyError: the asker searched too often
        :raise ShownTooLongAgo: a ticket that does not pay any more
        """
        shown = self._read_shown(token, company, place, pays)
        return shown if shown.member else self._find_shown(token, company, asker)

    # === WHAT OTHERS SEE OF IT === #

    def _get_masked_name(self):
        """Return as much of the name as it takes to recognize the person."""
        self.ensure_one()
        first, *others = (self.sudo().name or "").split()[:2] or [""]
        return f"{first} {others[0][:1]}." if others else first

    def _get_card_digits(self):
        """Return the code as it stands below a bar code: digits alone."""
        self.ensure_one()
        return to_digits(self.sudo().code)

    def _get_card_text(self):
        """Return the code as people read it out."""
        self.ensure_one()
        return shown_code(self.sudo().code)

    def _get_card_picture(self, kind, width, height):
        """Return the code as a picture of a bar code: digits alone, which no layout of
        a keyboard turns into letters.

        :param str kind: ``"QR"`` or ``"Code128"``
        :param width, height: pixels
        :return: address of the picture, all of it
        """
        return draw_code(self.env, self._get_card_digits(), width, height, kind)

    # === PERSONAL DATA === #

    def _get_personal_texts(self, person):
        texts = super()._get_personal_texts(person)
        texts.add("b2b2c.card.code", is_deleted=True)
        return texts

    def _erase_personal_data(self, person):
        result = super()._erase_personal_data(person)
        delete_rows(self.env["b2b2c.card.code"], "member_id", self)
        return result


def _now():
    return datetime.now(timezone.utc)
