"""The world of part payments: a participant who buys for himself, and 1,000 points."""

from decimal import Decimal

from odoo import Command, fields

from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon


class PartPaymentCommon(LoyaltyCommon):
    """Paper costs 100.00; a point pays 0.10; Olena has 1,000 of them."""

    kind = "payment"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit.face_value = 0.1
        cls.company.write(
            {
                "b2b2c_wallet_unit_id": cls.unit.id,
                "b2b2c_wallet_kind": cls.kind,
                "b2b2c_wallet_limit": 100,
            }
        )
        cls.person = cls.member.partner_id
        cls.account = cls.member._get_account(cls.unit)
        cls.account._earn(1000, source_key="wallet/start")
        cls.parts = cls.env["b2b2c.part.payment"]
        journal = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.provider = cls.env["payment.provider"].search(
            [("code", "=", "demo"), ("company_id", "=", cls.company.id)]
        )
        cls.provider.write({"journal_id": journal.id, "state": "test"})

    def setUp(self):
        super().setUp()
        # a test has one transaction
        crons = self.env.registry["ir.cron"]
        self.patch(crons, "_commit_progress", lambda *_args, **_kw: 1)

    @classmethod
    def _quote(cls, quantity=1, product=None, **values):
        """Create a quotation for Olena herself: 100.00 by default."""
        values = {"partner_id": cls.person.id, **values}
        return cls._create_order(quantity, product, confirm=False, **values)

    def _choose(self, order, points):
        return self.parts._choose(order, points)

    def _pay(self, order, **values):
        """Begin to pay an order."""
        method = self.env["payment.method"].with_context(active_test=False)
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": method.search([], limit=1).id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": f"{order.name}-{len(order.transaction_ids)}-{values}",
                "sale_order_ids": [Command.set(order.ids)],
                **values,
            }
        )

    def _invoice(self, order, final=True):
        invoice = order._create_invoices(final=final)
        invoice.action_post()
        return invoice

    # === WHAT MUST HOLD === #

    def _points(self, order):
        """Return (chosen on the lines, reserved, spent) of an order."""
        part = order.b2b2c_part_payment_ids
        line = order._b2b2c_get_point_lines()[:1]
        held, spent = part._get_booked() if part else (0, 0)
        return line.product_uom_qty, held, spent

    def assertPoints(self, order, lines, held, spent):
        """Check an order, its ledger, and the card beside it."""
        self.assertEqual(self._points(order), (lines, Decimal(held), Decimal(spent)))
        self._check_books()

    def _check_books(self):
        """Ledger, card and orders agree."""
        self.assertFalse(self.account._verify())
        balances = self.account._get_balances()[self.account.id]
        free = balances["posted"] - balances["held"] - balances["debt"]
        lots = self.env["b2b2c.ledger.lot"].search(
            [
                ("account_id", "=", self.account.id),
                ("expires_at", "<=", fields.Datetime.now()),
            ]
        )
        free -= sum(Decimal(str(lot.remaining)) for lot in lots)
        cards = self.env["loyalty.card"].search(
            [("b2b2c_account_id", "=", self.account.id)]
        )
        self.account._fold()
        for card in cards:
            self.assertEqual(card.points, max(free, 0))
