from dataclasses import replace
from decimal import Decimal

from odoo import models

from ...engine import TRIGGERS, Measure, to_decimal
from ...values import aware


class B2b2cSourceExternal(models.AbstractModel):
    """Measures what was reported from outside.

    The reporter says how far a sale has come ("paid"), and every moment up to there
    is reached; a cancelled report has reached nothing.
    """

    _name = "b2b2c.source.external"
    _description = "Reward Source: Reported Document"
    _inherit = "b2b2c.source"

    _document_model = "b2b2c.external.document"
    _lines_field = "line_ids"

    def _get_undone_cause(self, document, award):
        return "cancelled" if document.state == "cancelled" else "changed"

    # === MEASURING === #

    def _can_earn(self, line):
        """Tell whether a line can earn: each does, an amount alone has no product."""
        return True

    def _get_line_name(self, line):
        return line.name or line.product_id.display_name or line.document_id.reference

    def _get_measures(self, line, rate, hypothetical):
        """Return trigger -> measure of one reported line."""
        document = line.document_id
        if document.state == "cancelled":
            return {}
        reached = TRIGGERS[: TRIGGERS.index(document.status) + 1]
        if hypothetical:
            reached = TRIGGERS
        moments = dict.fromkeys(reached, aware(document.status_at))
        moments["confirmed"] = aware(document.occurred_at)
        return {
            trigger: self._get_part(line, rate, at) for trigger, at in moments.items()
        }

    def _get_part(self, line, rate, at):
        """Return the measure of a whole line, in the company's currency."""
        return Measure(
            quantity=self._to_product_unit(
                line.product_id, line.product_uom_id, to_decimal(line.quantity)
            ),
            amount_untaxed=_exact(to_decimal(line.amount_untaxed) * rate),
            amount_total=_exact(to_decimal(line.amount_total) * rate),
            at=at,
        )

    # === HOOKS === #

    def _get_kind(self, document):
        return document.document_type

    def _get_event_code(self, document):
        return document.event_code or ""

    def _get_occurred_at(self, document):
        return document.occurred_at

    def _get_stored_rate(self, document):
        return 0

    def _get_named_sellers(self, document):
        return document.seller_id

    def _get_named_member(self, document):
        """Return the member whose document this is, possibly empty."""
        return document.member_id

    def _get_member_fact(self, document, member):
        """Return a member as engine data: who was named is the contact."""
        fact = super()._get_member_fact(document, member)
        named = self._get_named_member(document)
        return replace(
            fact, is_contact=bool(named) and member in self._with_survivors(named)
        )

    def _get_candidates(self, document, context, booked_members):
        """Return who may benefit: the named people wherever they buy, too."""
        members = super()._get_candidates(document, context, booked_members)
        named = self._get_named_member(document) | self._get_named_sellers(document)
        return (members | named).sorted(lambda one: (one.enrolled_at, one.id))

    def _to_product_unit(self, product, uom, quantity):
        if not product:
            return quantity
        return super()._to_product_unit(product, uom, quantity)


def _exact(value):
    """Return an amount without the noise of a division: six decimals are plenty."""
    return value.quantize(Decimal("0.000001"))
