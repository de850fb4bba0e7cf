from contextlib import contextmanager
from dataclasses import replace

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.models.processing.facts import with_survivors
from odoo.addons.loyalty_b2b2c.values import aware

from . import shown_buyers
from .b2b2c_till_buyer import PROVED


class B2b2cSourcePosOrder(models.AbstractModel):
    """Who showed a card is whom a ticket is for, in the place of its customer."""

    _inherit = "b2b2c.source.pos.order"

    @contextmanager
    def _reading(self, documents):
        with super()._reading(documents), shown_buyers.reading(documents):
            yield

    def _get_named_members(self, document):
        shown = shown_buyers.get_shown(document)
        return super()._get_named_members(document) | shown.member

    def _get_member_fact(self, document, member):
        """Return a member as engine data: who showed a card is the contact.

        Of the customer's people, those who buy for themselves are not meant then.  Who
        joined at the till did so before the sale, whatever the clock of the till says.
        """
        fact = super()._get_member_fact(document, member)
        shown = shown_buyers.get_shown(document)
        if not shown.member:
            return fact
        if self._is_shown(shown.member, member):
            occurred_at = aware(self._get_occurred_at(document))
            is_before = shown.way in PROVED and fact.enrolled_at > occurred_at
            since = occurred_at if is_before else fact.enrolled_at
            return replace(fact, is_contact=True, enrolled_at=since)
        if member._buys_anywhere():
            return replace(fact, is_contact=False, is_buyer=False, is_receiver=False)
        return replace(fact, is_contact=False)

    def _prepare_people(self, config, member):
        """Who is named and sells nothing shows his card."""
        values = super()._prepare_people(config, member)
        if not member or member._sells():
            return values
        token = member._sign_shown("code", member.company_id)
        return {**values, "b2b2c_member_token": token}

    def _is_shown(self, shown, member):
        """Tell whether a member is who showed a card, or became that by a merge; at
        another company the same person in the same role."""
        people = with_survivors(shown)
        if member.company_id == shown.company_id:
            return member in people
        return member.role == shown.role and member.partner_id in people.partner_id

    def _get_nobodys_domain(self, back):
        """What comes back with a card was sold with that card; without one, without."""
        domain = super()._get_nobodys_domain(back)
        buyers = self.env["b2b2c.till.buyer"].sudo()
        shown = self.env["b2b2c.member"]
        if back._name == self._document_model:
            shown = shown_buyers.get_shown(back).member
        if not shown:
            named = SQL("SELECT pos_order_id AS id FROM b2b2c_till_buyer")
            return domain & Domain("id", "not in", named)
        own = buyers.search([("member_id", "in", with_survivors(shown).ids)])
        return domain & Domain("id", "in", own.pos_order_id.ids)

    def _get_personal_domain(self, members):
        rows = self.env["b2b2c.till.buyer"].sudo()
        named = rows.search([("member_id", "in", members.ids)])
        own = Domain("id", "in", named.pos_order_id.ids)
        return super()._get_personal_domain(members) | own
