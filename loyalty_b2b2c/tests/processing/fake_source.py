"""An earning source of its own in one file: visits of a service van to shops.

What an add-on for them would bring: the documents with their adapter, the source, and
the key that makes it known.  Nothing else is told of visits.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine import Measure, to_decimal
from ...values import aware


class FakeVisit(models.Model):
    """A visit: parts were used at a shop, somebody there let us in."""

    _module = None
    _name = "b2b2c.fake.visit"
    _description = "Visit"

    name = fields.Char(required=True)
    state = fields.Selection([("plan", "Planned"), ("done", "Done"), ("void", "Void")])
    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner")
    host_id = fields.Many2one("b2b2c.member")
    visited_at = fields.Datetime(required=True)
    part_ids = fields.One2many("b2b2c.fake.visit.part", "visit_id")

    def write(self, vals):
        result = super().write(vals)
        self.env["b2b2c.event"]._record(self)
        return result


class FakeVisitPart(models.Model):
    """A part that was used."""

    _module = None
    _name = "b2b2c.fake.visit.part"
    _description = "Part"

    visit_id = fields.Many2one("b2b2c.fake.visit", required=True)
    product_id = fields.Many2one("product.product")
    quantity = fields.Float(digits=False)
    price = fields.Float(digits=False)


class FakeSourceVisit(models.AbstractModel):
    """Measures visits: what was used, when it was."""

    _module = None
    _name = "b2b2c.source.fake.visit"
    _description = "Earning Source: Visit"
    _inherit = ["b2b2c.source"]

    _document_model = "b2b2c.fake.visit"
    _lines_field = "part_ids"

    def _is_hypothetical(self, document):
        return document.state == "plan"

    def _get_line_name(self, line):
        return line.product_id.display_name

    def _get_occurred_at(self, document):
        return document.visited_at

    def _get_named_members(self, document):
        return document.host_id

    def _get_measures(self, line, rate, hypothetical):
        visit = line.visit_id
        if visit.state != "done" and not hypothetical:
            return {}
        quantity = to_decimal(line.quantity)
        amount = quantity * to_decimal(line.price)
        used = Measure(quantity, amount, amount, aware(visit.visited_at))
        return dict.fromkeys(("confirmed", "delivered"), used.converted(rate))

    def _get_goods(self, shops):
        self.env["b2b2c.fake.visit"].flush_model()
        return SQL(
            """
            SELECT v.id, v.visited_at AS at FROM %s AS shop
              JOIN b2b2c_fake_visit v ON v.partner_id = shop.shop_id
               AND v.company_id = shop.company_id AND v.state = 'done'
             WHERE v.visited_at >= shop.since
            """,
            shops,
        )

    def _get_goods_lines(self, documents):
        return [
            (part.product_id, part.quantity, part.product_id.uom_id)
            for part in documents.part_ids
        ]

    def _get_personal_domain(self, members):
        return Domain("host_id", "in", members.ids)


class FakeSource(models.AbstractModel):
    """Visits can earn."""

    _module = None
    _name = "b2b2c.source"
    _inherit = ["b2b2c.source"]

    @api.model
    def _get_sources(self):
        return {
            **super()._get_sources(),
            "b2b2c.fake.visit": "b2b2c.source.fake.visit",
        }
