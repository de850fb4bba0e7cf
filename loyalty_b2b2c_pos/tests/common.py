"""A till at the supplier's."""

from odoo import Command, fields

from odoo.addons.loyalty_b2b2c.tests.common import LoyaltyCommon


class PosLoyaltyCommon(LoyaltyCommon):
    """Every till sale is 10 × 100.00 to the client by default."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.available_in_pos = True
        bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.card, cls.on_account = cls.env["pos.payment.method"].create(
            [
                {"name": "Card", "journal_id": bank.id},
                {"name": "Customer account", "split_transactions": True},
            ]
        )
        cls.till = cls.env["pos.config"].create(
            {
                "name": "Till",
                "payment_method_ids": [Command.set((cls.card | cls.on_account).ids)],
            }
        )
        cls.till.open_ui()

    def _sell(self, quantity=10, partner=None, method=None, pay=True, **values):
        """Ring up a till order; pay it unless told otherwise."""
        partner = self.contact if partner is None else partner
        line = values.pop("line", {})
        order = self._create_ticket(
            (self.product, quantity, self.product.lst_price, line),
            partner_id=partner.id,
            **values,
        )
        if pay:
            self._pay_till(order, method)
            self.assertIn(order.state, ("paid", "done"))
        return order

    def _create_ticket(self, *lines, **values):
        """Ring up a ticket that is not paid; see :meth:`_ring` for the lines."""
        ticket = self.env["pos.order"].create(
            {
                "amount_total": 0,
                "amount_paid": 0,
                "amount_tax": 0,
                "amount_return": 0,
                "date_order": fields.Datetime.now(),
                "session_id": self.till.current_session_id.id,
                "partner_id": self.contact.id,
                "lines": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "qty": quantity,
                            "price_unit": price,
                            "price_subtotal": 0,
                            "price_subtotal_incl": 0,
                            **(more[0] if more else {}),
                        }
                    )
                    for product, quantity, price, *more in lines
                ],
                **values,
            }
        )
        ticket.lines._onchange_amount_line_all()
        ticket._compute_prices()
        return ticket

    def _ring(self, *lines, methods=None, pay=True, **values):
        """Ring up a ticket of several lines without tax, and pay it.

        :param lines: ``(product, quantity, price)``, or with a dict of other values
        :param methods: dict payment method -> amount, all by card by default
        """
        ticket = self._create_ticket(*lines, **values)
        if not pay:
            return ticket
        if not methods and not ticket.amount_total:
            ticket.action_pos_order_paid()
        for method, amount in (methods or {self.card: ticket.amount_total}).items():
            if amount:
                ticket.add_payment(
                    {
                        "pos_order_id": ticket.id,
                        "amount": amount,
                        "payment_method_id": method.id,
                    }
                )
        if ticket.state == "draft":
            ticket.action_pos_order_paid()
        if ticket.to_invoice:
            ticket._generate_pos_order_invoice()
        return ticket

    def _pay_till(self, order, method=None):
        """Pay a till order the way its backend form does."""
        context = {"active_ids": order.ids, "active_id": order.id}
        wizard = self.env["pos.make.payment"].with_context(**context)
        wizard.create({"payment_method_id": (method or self.card).id}).check()

    def _bring_back(self, order, quantity=None, price=None):
        """Take goods of a till order back, all of them by default."""
        refund = order._refund()
        for line in refund.lines:
            if quantity is not None:
                line.qty = -quantity
            if price is not None:
                line.price_unit = price
            line._onchange_amount_line_all()
        refund._compute_prices()
        self._pay_till(refund)
        self.assertEqual(refund.state, "paid")
        return refund
