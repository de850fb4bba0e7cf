from odoo import fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...const import REPORTED_TYPES
from ...engine import TRIGGERS
from ...values import aware
from .intake_values import USUAL_STATUS


class B2b2cSourceExternal(models.AbstractModel):
    """Measures what was reported from outside.

    The reporter says how far a sale has come ("paid"), and every moment up to there
    is reached; a document that is cancelled or waits for a person has reached nothing.
    """

    _name = "b2b2c.source.external"
    _description = "Earning Source: Reported Document"
    _inherit = "b2b2c.source.stated"

    _document_model = "b2b2c.external.document"

    def _get_moment_words(self):
        return {
            "confirmed": self.env._("Reported"),
            "delivered": self.env._("Reported as delivered"),
            "invoiced": self.env._("Reported as invoiced"),
            "paid": self.env._("Reported as paid"),
        }

    def _get_undone_cause(self, document, award):
        return "cancelled" if document.state == "cancelled" else "changed"

    def _is_hypothetical(self, document):
        return document.state == "review"

    # === MEASURING === #

    def _get_document(self, line):
        return line.document_id

    def _get_moments(self, document, hypothetical):
        waits = document.state == "review" and not hypothetical
        if document.state == "cancelled" or waits:
            return {}
        reached = TRIGGERS[: TRIGGERS.index(document.status) + 1]
        if hypothetical:
            reached = TRIGGERS
        moments = dict.fromkeys(reached, aware(document.status_at))
        moments["confirmed"] = aware(document.occurred_at)
        return moments

    # === HOOKS === #

    def _get_kind(self, document):
        return document.document_type

    def _get_event_code(self, document):
        return document.event_code or ""

    def _get_place(self, document):
        """Return the shop whose system reported it, or who reported for all of its."""
        reporter, shop = document.reporter_id, document.partner_id
        if not reporter:
            return super()._get_place(document)
        is_its = shop.commercial_partner_id == reporter.commercial_partner_id
        return shop if is_its else reporter

    def _get_named_sellers(self, document):
        return document.seller_id

    def _get_named_member(self, document):
        return document.member_id

    def _get_personal_domain(self, members):
        return Domain("member_id", "in", members.ids) | Domain(
            "seller_id", "in", members.ids
        )

    # === GOODS === #

    def _get_goods(self, shops):
        """Select the shipments that distributors reported."""
        self.env["b2b2c.external.document"].flush_model()
        return SQL(
            """
            SELECT e.id, e.occurred_at AS at
              FROM %s AS shop
              JOIN b2b2c_external_document e ON e.partner_id = shop.shop_id
               AND e.company_id = shop.company_id
             WHERE e.document_type = 'shipment' AND e.state = 'recorded'
               AND e.occurred_at >= shop.since
            """,
            shops,
        )

    def _get_goods_lines(self, documents):
        return [
            (
                line.product_id,
                line.quantity,
                line.product_uom_id or line.product_id.uom_id,
            )
            for line in documents.line_ids
        ]

    def _get_supplier(self, document):
        return document.reporter_id or super()._get_supplier(document)

    # === PLAYED ON THE SCREEN === #

    def _get_imagined_kinds(self):
        return [kind for kind, _label in REPORTED_TYPES]

    def _imagine_sale(self, kind, sale):
        now = fields.Datetime.now()
        line = {
            "name": sale.product.display_name or self.env._("Trial"),
            "product_id": sale.product.id,
            "product_uom_id": sale.product.uom_id.id,
            "quantity": sale.quantity,
            "amount_untaxed": sale.amount,
            "amount_total": sale.amount,
        }
        return self.env[self._document_model].new(
            {
                "document_type": kind,
                "event_code": sale.event if kind == "event" else False,
                "reference": self.env._("Trial"),
                "state": "recorded",
                "status": USUAL_STATUS[kind],
                "company_id": sale.company.id,
                "currency_id": sale.company.currency_id.id,
                "partner_id": sale.partner.id,
                "member_id": sale.member.id,
                "seller_id": sale.member._sells() and sale.member.id,
                "channel": "terminal",
                "occurred_at": now,
                "status_at": now,
                "line_ids": [Command.create(line)],
            }
        )
