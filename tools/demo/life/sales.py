"""What offices order, and what becomes of it."""

from odoo import Command

from tools.demo.life.days import DAYS

_WEEKDAYS = 5


class Sales:
    """Orders of offices: delivered, invoiced, paid, sometimes credited.

    :param days: :class:`~.days.Days`
    :param contacts: ``res.partner`` of who orders
    """

    def __init__(self, days, contacts):
        self.days, self.rng = days, days.rng
        self.env = days.env(user=self._find_user(days.env, "sales"))
        self.contacts = [
            *contacts,
            days.env.ref("__demo__.b2b2c_contact_dnipro"),
            days.env.ref("__demo__.b2b2c_contact_lviv"),
        ]
        self.products = [
            (days.env.ref(f"__demo__.b2b2c_product_{key}"), most)
            for key, most in (("paper", 30), ("card", 12), ("toner", 6))
        ]

    @staticmethod
    def _find_user(env, login):
        return env["res.users"].search([("login", "=", login)]).id

    def plan_day(self, morning):
        """Draw who orders on a day; business grows a little."""
        if morning.weekday() >= _WEEKDAYS:
            return
        grown = 1 + 0.5 * (1 - (self.days.end - morning).days / DAYS)
        for contact in self.contacts:
            if self.rng.random() < 0.08 * grown:
                self.days.later(0, self._order, contact)

    def _order(self, contact):
        products = self.rng.sample(self.products, self.rng.choice((1, 1, 2, 3)))
        order = self.env["sale.order"].create(
            {
                "partner_id": contact.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": self.rng.randint(1, most),
                        }
                    )
                    for product, most in products
                ],
            }
        )
        order.action_confirm()
        if self.rng.random() < 0.04:
            self.days.later(1, order._action_cancel)
            return
        self.days.later(self.rng.randint(1, 3), self._deliver, order)
        self.days.later(self.rng.randint(1, 4), self._invoice, order)

    def _deliver(self, order):
        for picking in order.picking_ids:
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
            picking.with_context(skip_backorder=True).button_validate()

    def _invoice(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        if self.rng.random() < 0.93:  # some never pay
            self.days.later(self.rng.choice((0, 2, 5, 9, 14, 21)), self._pay, invoice)
        if self.rng.random() < 0.06:
            self.days.later(self.rng.randint(3, 12), self._credit, invoice)

    def _pay(self, invoice):
        if invoice.amount_residual:
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            wizard.create({})._create_payments()

    def _credit(self, invoice):
        """Take back a piece of what can be."""
        note = invoice._reverse_moves([{"invoice_date": self.days.now.date()}])
        lines = note.invoice_line_ids
        lines[1:].unlink()
        lines[:1].quantity = 1
        note.action_post()
