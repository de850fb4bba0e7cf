from odoo import api, models
from odoo.fields import Domain

from odoo.addons.loyalty_b2b2c.models.people.addresses import read_phone
from odoo.addons.loyalty_b2b2c.models.people.member_code import read_code

#: Which of several registrations of a person is meant: the one used already, so that a
#: second look does not use up the seat of a friend.
_ORDER = ("done", "open", "draft", "cancel")


class EventRegistration(models.Model):
    """At the door a participant shows the own card instead of a ticket."""

    _inherit = "event.registration"

    @api.model
    def register_attendee(self, barcode, event_id):
        """Let in who shows a ticket, or the own card."""
        ticket = self._find_ticket_of_card(barcode, event_id)
        return super().register_attendee(ticket or barcode, event_id)

    def _find_ticket_of_card(self, text, event_id):
        """Return the barcode of the registration of whose card was shown.

        :param text: as scanned: anything
        :param int event_id: at whose door; 0: of all events the user may see
        :return: empty when it is no card, or the person is not registered
        """
        code = read_code(text) if isinstance(text, str) else None
        if not code:
            return ""
        members = self.env["b2b2c.member"].sudo()
        member = members.search([("code", "=", code), ("state", "=", "enrolled")])
        own = self._find_of_person(member.partner_id, event_id) if member else self
        own = own.sorted(lambda one: (_ORDER.index(one.state), one.id))
        return own[:1].barcode or ""

    def _find_of_person(self, person, event_id):
        """Return the registrations with an address of a person, as the user may see."""
        domain = (
            Domain("event_id", "=", event_id)
            if event_id
            else Domain("event_id.is_finished", "=", False)
        )
        found, mail = self.browse(), person.email_normalized
        if mail:
            found = self.search(domain & Domain("email", "=ilike", _literal(mail)))
        number = person.phone_sanitized
        if number and not found:
            # written in many ways: compared in one
            found = self.search(domain & Domain("phone", "!=", False)).filtered(
                lambda one: one._get_b2b2c_phone() == number
            )
        return found

    def _get_b2b2c_phone(self):
        """Return the phone number of a registration in international form."""
        self.ensure_one()
        country = self.event_id.country_id or self.company_id.country_id
        return read_phone(self.phone, country) if self.phone else ""


def _literal(text):
    """Return a text whose signs mean nothing to a search by pattern."""
    for sign in "\\%_":
        text = text.replace(sign, f"\\{sign}")
    return text
