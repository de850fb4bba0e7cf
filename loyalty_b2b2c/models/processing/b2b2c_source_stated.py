from dataclasses import replace
from fractions import Fraction

from odoo import models

from ...engine import to_fraction
from ...engine.measuring import Charge, SoldLine
from ...engine.sharing import Figures
from .facts import get_key, with_survivors
from .parties import Parties

NONE, ONE = Fraction(0), Fraction(1)


class B2b2cSourceStated(models.AbstractModel):
    """A document in which somebody states a sale: what was sold, by whom, for whom.

    Reported documents and proofs of sale are such.  Lines carry their own quantity and
    amounts, a product or none; whoever is named on the document may benefit, wherever
    he belongs.  A source of this kind says when each moment was reached
    (:meth:`_get_moments`) and who is named.
    """

    _name = "b2b2c.source.stated"
    _description = "Earning Source: Stated Sale"
    _inherit = "b2b2c.source.sold"

    _is_free_worthless = False  # amounts need not be told
    _lines_field = "line_ids"
    _party_fields = ()  # who states a sale names the company itself

    # === MEASURING === #

    def _get_moments(self, document, hypothetical):
        """Return trigger -> when a document reached it (aware).

        :param bool hypothetical: as if it had reached every moment
        """
        raise NotImplementedError

    def _get_document(self, line):
        """Return the document of a line."""
        raise NotImplementedError

    def _can_earn(self, line):
        """Tell whether a line is sold: an amount alone, too, nothing below zero."""
        return line.quantity >= 0 and line.amount_untaxed >= 0

    def _get_line_name(self, line):
        """Return the name of a line, of its product, or of the document."""
        return (
            line.name
            or line.product_id.display_name
            or self._get_document(line).reference
        )

    def _get_sold_lines(self, document, hypothetical):
        """Return the lines as they were stated, charged when they were invoiced."""
        moments = self._get_moments(document, hypothetical)
        return [
            self._describe(line, moments)
            for line in document[self._lines_field]
            if moments
        ]

    def _describe(self, line, moments):
        written = Figures(
            to_fraction(line.amount_untaxed),
            to_fraction(line.amount_total),
            self._to_product_unit(line.product_id, line.product_uom_id, line.quantity),
        )
        delivered_at, invoiced_at = moments.get("delivered"), moments.get("invoiced")
        charge = Charge(
            written,
            at=invoiced_at,
            paid=ONE if "paid" in moments else NONE,
            paid_at=moments.get("paid"),
        )
        return SoldLine(
            get_key(line),
            written,
            promised=written.quantity,
            delivered=written.quantity if delivered_at else NONE,
            deliveries=((delivered_at, written.quantity),) if delivered_at else (),
            charges=(charge,) if invoiced_at else (),
            product=line.product_id.id or None,
        )

    def _to_product_unit(self, product, uom, quantity):
        if not product:
            return to_fraction(quantity)
        return super()._to_product_unit(product, uom, quantity)

    # === HOOKS === #

    def _get_occurred_at(self, document):
        return document.occurred_at

    def _get_stored_rate(self, document):
        return 0

    def _get_named_parties(self, document):
        """Return the company or shop that is stated: that was looked up then."""
        return Parties(*[self._get_buyer(document)] * 4)

    def _get_named_member(self, document):
        """Return the member whose document this is, possibly empty."""
        return self.env["b2b2c.member"]

    def _get_named_members(self, document):
        return self._get_named_member(document) | self._get_named_sellers(document)

    def _get_member_fact(self, document, member):
        """Return a member as engine data: who is named is the contact, at another
        company the same person in the same role."""
        fact = super()._get_member_fact(document, member)
        named = self._get_named_member(document)
        people = with_survivors(named)
        is_contact = member in people
        if named and member.company_id != named.company_id:
            is_contact = member.role == named.role and member.partner_id in (
                people.partner_id
            )
        return replace(fact, is_contact=is_contact)
