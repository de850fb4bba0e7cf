"""The baskets of the retail data set as Odoo documents, through the public actions.

Every step looks at what is there already, so an interrupted load goes on where it
stopped and a second one adds nothing.
"""

from collections import defaultdict
from datetime import timedelta

from tools.demo import retail_load

BATCH = 100
TERMS = timedelta(days=7)


class Loader:
    """Loads baskets, a batch at a time; everything it looks up, it looks up once."""

    def __init__(self, env, chosen, worker):
        self.env = env(context={**env.context, **retail_load.QUIET})
        self.names = {one.id: one.name for one in chosen.products.values()}
        self.partners = retail_load.get_loaded(env, "res.partner")
        self.products = retail_load.get_loaded(env, "product.product")
        journals = retail_load.get_loaded(env, "account.journal")
        self.sale_journal = journals[f"sale_{worker}"]
        self.bank_journal = journals[f"bank_{worker}"]

    def load(self, baskets):
        """Bring a batch to its end: ordered, paid in advance, invoiced, paid, credited
        and made cheaper; commits.

        Each commit is followed by our own processing of what it changed.
        """
        orders = self._confirm(baskets)
        self.env.cr.commit()
        for step in (self._advance, self._settle, self._credit, self._lower):
            step(baskets, orders)
            self.env.cr.commit()
        self.env.invalidate_all()

    def _confirm(self, baskets):
        """Create and confirm what is missing; all orders by basket id."""
        by_reference = {basket.reference: basket for basket in baskets}
        orders = self.env["sale.order"].search(
            [("client_order_ref", "in", list(by_reference))]
        )
        known = set(orders.mapped("client_order_ref"))
        new = self.env["sale.order"].create(
            [
                self._get_order_values(basket)
                for basket in baskets
                if basket.reference not in known
            ]
        )
        if new:
            for order in new:
                self._discount(order, by_reference[order.client_order_ref].discount)
            new.action_confirm()
            for order in new:  # confirming set it to now
                order.date_order = by_reference[order.client_order_ref].at
        return {by_reference[o.client_order_ref].id: o for o in orders | new}

    def _get_order_values(self, basket):
        contact = self.partners[f"contact_{basket.shop}_{basket.household}"]
        return {
            "partner_id": contact,
            "client_order_ref": basket.reference,
            "date_order": basket.at,
            "journal_id": self.sale_journal,
            "order_line": [
                (0, 0, {
                    "product_id": self.products[f"product_{product}"],
                    "name": self.names[product],  # else computed, order by order
                    "product_uom_qty": quantity,
                    "price_unit": round(value / quantity, 2),
                    "analytic_distribution": False,  # there is none to look for
                })
                for product, (quantity, value) in basket.lines.items()
            ],
        }  # fmt: skip

    def _discount(self, order, percent):
        """Take a percentage off a whole quotation, as a click on *Discount* does."""
        if percent:
            self.env["sale.order.discount"].create(
                {
                    "sale_order_id": order.id,
                    "discount_type": "so_discount",
                    "discount_percentage": percent / 100,
                }
            ).action_apply_discount()

    def _advance(self, baskets, orders):
        """Invoice down payments on the day of the order; every other one is paid."""
        waiting = [b for b in baskets if b.advance and not orders[b.id].invoice_ids]
        if not waiting:
            return
        invoices = {b.id: self._invoice_advance(b, orders[b.id]) for b in waiting}
        moves = self.env["account.move"]
        moves.union(*invoices.values()).action_post()
        paid = [b for b in waiting if b.advance_is_paid]
        if paid:
            self._pay(moves.union(*(invoices[b.id] for b in paid)), paid[-1].at.date())

    def _invoice_advance(self, basket, order):
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [(6, 0, order.ids)],
                "advance_payment_method": "percentage",
                "amount": basket.advance,
            }
        )
        invoice = wizard._create_invoices(order)
        invoice.invoice_date = basket.at.date()
        return invoice

    def _settle(self, baskets, orders):
        """Invoice what is not invoiced, and pay what gets paid, a week later."""
        waiting = [b for b in baskets if not self._get_invoice(b, orders)]
        if not waiting:
            return
        sales = self.env["sale.order"]
        invoices = self._invoice(
            sales.union(*(orders[b.id] for b in waiting if not b.advance))
        )
        for basket in waiting:
            if basket.advance:
                invoice = orders[basket.id]._create_invoices(final=True)
                invoice.invoice_date = basket.at.date()
                invoices |= invoice
        invoices.action_post()
        paid = self.env["account.move"].union(
            *(self._get_invoice(b, orders) for b in waiting if not b.stays_unpaid)
        )
        self._pay(paid, waiting[-1].at.date() + TERMS)

    def _get_invoice(self, basket, orders):
        """Return the invoice of a basket's goods, not the one of its down payment."""
        invoices = orders[basket.id].invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )
        if basket.advance:
            invoices = invoices.filtered("invoice_line_ids.product_id")
        return invoices

    def _invoice(self, sales):
        """Create the invoices of orders as their own methods prepare them.

        An import knows two things that the button does not: the day, and that a line
        without taxes books what it costs.  Told afterwards, or left to be found out,
        each would have Odoo work through the whole invoice again.
        """
        return (
            self.env["account.move"]
            .with_context(default_move_type="out_invoice")
            .create([self._get_invoice_values(order) for order in sales])
        )

    def _get_invoice_values(self, order):
        values = order._prepare_invoice()
        values["invoice_date"] = order.date_order.date()
        values["invoice_line_ids"] = [
            (0, 0, line._prepare_invoice_line(
                sequence=sequence,
                analytic_distribution=False,
                balance=-line.price_subtotal,
                amount_currency=-line.price_subtotal,
            ))
            for sequence, line in enumerate(order.order_line)
        ]  # fmt: skip
        return values

    def _pay(self, invoices, day):
        invoices = invoices.filtered("amount_total")
        if not invoices:
            return
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create(
            {
                "journal_id": self.bank_journal,
                "payment_date": day,
                "group_payment": True,  # a shop pays its invoices at once
                "communication": "Complete Journey",  # else a sequence is locked
            }
        )._create_payments()

    def _credit(self, baskets, orders):
        """Credit the dearest line of the baskets that come back."""
        for basket in baskets:
            if not basket.comes_back:
                continue
            invoice = self._get_invoice(basket, orders)
            if invoice.reversal_move_ids:
                continue
            refund = invoice._reverse_moves(
                [{"invoice_date": (basket.at + 2 * TERMS).date()}], cancel=False
            )
            lines = refund.invoice_line_ids.sorted("price_subtotal")
            lines[:-1].unlink()
            refund.action_post()

    def _lower(self, baskets, orders):
        """Credit a tenth of each price of the whole quantity, where it is a cent."""
        for basket in baskets:
            if not basket.gets_cheaper:
                continue
            invoice = self._get_invoice(basket, orders)
            sold = invoice.invoice_line_ids.filtered(_get_tenth)
            if invoice.reversal_move_ids or not sold:
                continue
            note = invoice._reverse_moves(
                [{"invoice_date": (basket.at + 2 * TERMS).date()}], cancel=False
            )
            note.invoice_line_ids = [
                (1, line.id, {"price_unit": tenth})
                if (tenth := _get_tenth(line))
                else (2, line.id)
                for line in note.invoice_line_ids
            ]
            note.action_post()


def _get_tenth(line):
    """Return a tenth of the price of an invoice line that sells goods, else 0."""
    if not line.product_id or line.is_downpayment or line.price_unit <= 0:
        return 0
    return round(line.price_unit / 10, 2)


def batches(baskets):
    """Cut a share into batches of one shop each, in time order."""
    by_shop = defaultdict(list)
    for basket in baskets:
        by_shop[basket.shop].append(basket)
    for own in by_shop.values():
        for start in range(0, len(own), BATCH):
            yield own[start : start + BATCH]
