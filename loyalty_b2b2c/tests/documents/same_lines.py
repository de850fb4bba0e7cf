"""The same lines on documents of every kind: what is drawn, and how it is told.

Add-ons with a kind of document of their own inherit :class:`SameLines` and compare it
with the order.
"""

import os
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from odoo import Command

from ..common import LoyaltyCommon

#: Few in the gate; ``LOYALTY_EXAMPLES=1000`` for more.
FEW = settings(
    max_examples=max(1, int(os.environ.get("LOYALTY_EXAMPLES", 40)) // 8),
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)

#: Cents, so that points of a line are no whole numbers.
PRICES = st.integers(1, 20000).map(lambda cents: cents / 100)


@st.composite
def sales(draw):
    """Return lines of a sale: (number of a product, pieces, price).

    Up to three products, and perhaps pieces that come back, or a rebate; never so much
    of it that a line is worth nothing.
    """
    lines = [
        (number, draw(st.integers(2, 9)), draw(PRICES))
        for number in range(draw(st.integers(1, 3)))
    ]
    total = sum(pieces * price for _number, pieces, price in lines)
    if draw(st.booleans()):
        number, pieces, price = draw(st.sampled_from(lines))
        back = draw(st.integers(1, pieces - 1))
        lines.append((number, -back, price))
        total -= back * price
    if draw(st.booleans()):
        percent = draw(st.integers(1, 90))
        lines.append((3, 1, -max(1, int(total * percent)) / 100))
    return lines


class SameLines(LoyaltyCommon):
    """Three products and a rebate; 7 % of each line, 7 % of all, 3 points a piece."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = (
            cls.product
            + cls._create_product("Ink", 33.0)
            + cls._create_product("Glue", 5.0)
            + cls._create_product("Rebate", 0.0, type="service")
        )
        for number, product in enumerate(cls.products):
            product.default_code = f"SAME-{number}"
        cls._create_program(
            {"name": "lines", "trigger": "paid", "value": 7},
            {"name": "document", "trigger": "paid", "value": 7, "scope": "document"},
            {"name": "pieces", "trigger": "paid", "kind": "per_unit", "value": 3},
            notify=False,
        )

    @contextmanager
    def undone(self):
        """Undo at the end what an example did."""
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.rollback()
            savepoint.close()
            self.env.invalidate_all()

    def _get_points(self, document):
        """Return rule -> points of each line of a document that has any, in order."""
        self.env.flush_all()
        self._process()
        entries = self.env["b2b2c.ledger.entry"].search(
            [
                ("document_model", "=", document._name),
                ("document_id", "=", document.id),
            ]
        )
        points = {}
        for entry in entries.sorted(lambda one: (one.line_id or 0, one.id)):
            lines = points.setdefault(entry.rule_id.name, {})
            lines[entry.line_id] = lines.get(entry.line_id, 0) + entry.points
        self.assertFalse(any(entries.mapped("points_pending")))
        return {rule: list(lines.values()) for rule, lines in points.items()}

    def _sell_by_order(self, lines):
        """Return an order of these lines: confirmed, delivered, invoiced and paid."""
        order = self._create_lines_order(
            *((self.products[number], *rest) for number, *rest in lines)
        )
        for picking in order.picking_ids:
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
            picking.button_validate()
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        self._pay(invoice)
        return order

    def _sell_by_invoice(self, lines):
        """Return a paid invoice of these lines, without an order."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.contact.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.products[number].id,
                            "quantity": pieces,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for number, pieces, price in lines
                ],
            }
        )
        invoice.action_post()
        self._pay(invoice)
        return invoice

    def _sell_by_report(self, lines):
        """Return a sale that was reported as paid."""
        document, _is_new = self.env["b2b2c.intake"]._record(
            {
                "type": "sale",
                "status": "paid",
                "reference": "SAME",
                "occurred_at": "2026-03-10T10:00:00+02:00",
                "member": {"email": "olena@example.com"},
                "lines": [
                    {
                        "product": self.products[number].default_code,
                        "quantity": pieces,
                        "amount": round(pieces * price, 2),
                    }
                    for number, pieces, price in lines
                ],
            },
            company=self.company,
            channel="api",
        )
        return document
