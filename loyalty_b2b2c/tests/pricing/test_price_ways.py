"""Every way to a lower price, of every document, by every role: refused, or told.

A way is a method ``way_*`` that acts as a user.  What counts is the result: the pieces
of the dealer's binding documents, at the price of the tier, against what is paid for
them in the end.  What is missing must be a deviation with that cost, to the cent.
Control: without the guard each way leaves something missing that nobody is told of.
"""

import contextlib
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.dealers.dealer_lookup import forget_dealers
from .test_price_lock import LockCommon

#: What a piece costs at the tier of the dealer.
TIER = 95


class Undo(Exception):
    """Takes back what a way did."""


class WaysCommon(LockCommon):
    """Taxes, terms, roundings and strangers, as an importer may have set them up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.product.invoice_policy = "order"
        cls.dozen = env.ref("uom.product_uom_dozen")
        cls.service = cls._create_product("Visit", 1, type="service")
        cls.early = env["account.payment.term"].create(
            {
                "name": "90 % for early payment",
                "early_discount": True,
                "discount_percentage": 90,
                "discount_days": 10,
            }
        )
        negative = cls._create_tax(-50)
        plain_tax = cls._create_tax(0)
        cls.product.taxes_id = plain_tax
        cls.minus = env["account.fiscal.position"].create({"name": "Minus"})
        negative.write(
            {
                "fiscal_position_ids": [Command.link(cls.minus.id)],
                "original_tax_ids": [Command.link(plain_tax.id)],
            }
        )
        cls.negative = negative
        account = env["account.account"].search(
            [("account_type", "=", "expense")], limit=1
        )
        cls.rounding = env["account.cash.rounding"].create(
            {
                "name": "To 500",
                "rounding": 500,
                "rounding_method": "DOWN",
                "strategy": "add_invoice_line",
                "profit_account_id": account.id,
                "loss_account_id": account.id,
            }
        )
        cls.importer = cls._create_user(
            "importer",
            "sales_team.group_sale_manager",
            "base.group_partner_manager",
            "account.group_account_manager",
        )
        cls.merger = cls._create_user(
            "merger",
            "sales_team.group_sale_salesman",
            "base.group_partner_manager",
            "base.group_erp_manager",
            "account.group_account_invoice",
        )
        cls.roles = {"salesperson": cls.salesman, "importer": cls.importer}
        # 1.00 a piece, before anybody was a dealer
        cls.friend = cls.client.copy({"name": "Friend"})
        cls.cheap = cls._create_order(1, partner_id=cls.friend.id, confirm=False)
        cls.cheap.order_line.price_unit = 1
        cls.cheap.action_confirm()
        cls.before = cls._create_order(1, confirm=False, partner_id=cls.stranger.id)
        cls.before.order_line.price_unit = 1
        cls.before.action_confirm()
        cls._create_dealer(cls.ladder, cls.stranger)
        cls.env.flush_all()

    # === WHAT IS LOOKED AT === #

    def _get_missing(self, seen):
        """Return what the dealers pay less than the tier for what is new."""
        customers = (self.client | self.stranger | self.better).ids
        domain = [("partner_id", "child_of", customers)]
        orders = self.env["sale.order"].search([*domain, ("state", "=", "sale")])
        moves = self.env["account.move"].search(
            [
                *domain,
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_receipt", "out_refund")),
            ]
        )
        moves -= seen["moves"]
        if moves:
            return sum(self._get_short(move) for move in moves)
        return sum(
            self._get_short_order(order) - seen["orders"].get(order, 0)
            for order in orders
        )

    def _get_price(self, document):
        company = document.partner_id.commercial_partner_id
        prices = {self.client: TIER, self.better: 90, **self.prices}
        return prices.get(company, 100)

    def _get_short_order(self, order):
        pieces = self._count_pieces(order.order_line, "product_uom_qty")
        term = order.payment_term_id
        share = term.discount_percentage / 100 if term.early_discount else 0
        paid = order.amount_total * (1 - share)
        return self._get_price(order) * pieces - paid

    def _get_short(self, move):
        refund = move.move_type == "out_refund"
        term = move.invoice_payment_term_id
        share = term.discount_percentage / 100 if term.early_discount else 0
        debts = move.line_ids.filtered(lambda one: one.display_type == "payment_term")
        paid = sum(debts.mapped("amount_currency")) * (1 - share)
        if not share and any(debts.mapped("discount_date")):
            paid = sum(debts.mapped("discount_amount_currency"))
        if refund:  # nothing came back: all that is given back is missing
            return -paid
        pieces = self._count_pieces(move.invoice_line_ids, "quantity")
        return self._get_price(move) * pieces - paid

    def _count_pieces(self, lines, name):
        goods = lines.filtered(lambda line: line.product_id == self.product)
        return sum(
            line[name]
            * line.product_uom_id.with_env(self.env)._compute_quantity(
                1, self.product.uom_id, round=False
            )
            for line in goods
        )

    def _get_told(self):
        return self.env["b2b2c.price.deviation"].search([])

    def _try(self, way, user):
        """Do a way in a savepoint.

        :return: (what is missing, what of it was told, whether rights refused it)
        """
        by_rights, self.prices = False, {}
        domain = [("state", "=", "posted")]
        orders = self.env["sale.order"].search([("state", "=", "sale")])
        seen = {
            "moves": self.env["account.move"].search(domain),
            "orders": {order: self._get_short_order(order) for order in orders},
        }
        told = self._get_told()
        result = None
        with contextlib.suppress(Undo), self.env.cr.savepoint():
            try:
                with self.env.cr.savepoint():
                    way(user)
                    self.env.flush_all()
            except UserError as error:
                by_rights, self.prices = isinstance(error, AccessError), {}
                self.env.invalidate_all()
            missing = self._get_missing(seen)
            costs = sum((self._get_told() - told).mapped("cost"))
            result = round(missing, 2), round(costs, 2), by_rights
            raise Undo
        self.env.invalidate_all()
        forget_dealers(self.env)
        return result

    # === DOCUMENTS === #

    def _order(self, user, **values):
        """Return a confirmed order of the dealer: 11 pieces."""
        order = self._quote(11, user=user, **values)
        order.action_confirm()
        return order

    def _bill(self, user):
        """Return a draft invoice of 11 pieces, as a user sees it."""
        return self._order(user).sudo()._create_invoices().with_user(user)

    def _invoice_of(self, order, user):
        return order.sudo()._create_invoices().with_user(user)

    def _post(self, move):
        """Post as an accountant does who is asked to: it is his right."""
        move.with_user(self.importer).action_post()

    def _bill_alone(self, user, line=None, **values):
        return self.env(user=user)["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.client.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": 11,
                            "price_unit": TIER,
                            **(line or {}),
                        }
                    )
                ],
                **values,
            }
        )

    # === WAYS: AN ORDER THAT IS CONFIRMED === #

    def way_order_term(self, user):
        self._order(user, payment_term_id=self.early.id)

    def way_order_term_later(self, user):
        self._order(user).payment_term_id = self.early

    def way_order_fiscal_position(self, user):
        order = self._quote(11, user=user)
        order.fiscal_position_id = self.minus
        order.order_line.tax_ids = self.negative
        order.action_confirm()

    def way_order_tax_later(self, user):
        order = self._order(user)
        order.order_line.tax_ids = self.negative

    def way_order_unit(self, user):
        self._order(user).order_line.write(
            {
                "product_uom_id": self.dozen.id,
                "product_uom_qty": 11,
                "price_unit": TIER,
            }
        )

    def way_order_unit_of_quotation(self, user):
        order = self._quote(11, user=user)
        order.order_line.write(
            {"product_uom_id": self.dozen.id, "price_unit": TIER, "product_uom_qty": 11}
        )
        order.action_confirm()

    def way_order_unit_and_discount(self, user):
        self._order(user).order_line.write(
            {
                "product_uom_id": self.dozen.id,
                "product_uom_qty": 11,
                "price_unit": 190,
                "discount": 50,
            }
        )

    def way_order_product(self, user):
        line = {"product_id": self.service.id, "product_uom_qty": 11}
        order = self._quote(11, user=user, order_line=[Command.create(line)])
        order.action_confirm()
        order.order_line.write(
            {"product_id": self.product.id, "price_unit": 0.95, "product_uom_qty": 11}
        )

    def way_order_fallen_tier(self, user):
        order = self._quote(1, user=user, partner_id=self.better.id)
        order.action_confirm()
        self.better_dealer.sudo().tier_id = self.ladder.tier_ids[0]
        self.better_dealer.sudo()._give_tier_price()
        forget_dealers(self.env)
        self.prices = {self.better: 100}
        order.order_line.product_uom_qty = 5000

    def way_order_raised_before(self, user):
        """The order of before somebody was a dealer, for 5,000 instead of 1."""
        self.before.with_user(user).order_line.product_uom_qty = 5000

    def way_order_added_line(self, user):
        self._order(user).order_line = [
            Command.create(
                {"product_id": self.product.id, "product_uom_qty": 5, "price_unit": 1}
            )
        ]

    def way_order_confirmed_price(self, user):
        self._order(user).order_line.write({"price_unit": 1})

    def way_order_of_a_contact(self, user):
        """A free contact buys, and becomes the dealer's."""
        contact = self.env(user=user)["res.partner"].create({"name": "Free"})
        order = self._quote(11, user=user, partner_id=contact.id)
        order.order_line.price_unit = 1
        order.action_confirm()
        contact.parent_id = self.client

    def way_order_of_a_contact_taken_out(self, user):
        contact = self.env["res.partner"].create(
            {"name": "Out and In", "parent_id": self.client.id}
        )
        contact = contact.with_user(user)
        contact.parent_id = False
        order = self._quote(11, user=user, partner_id=contact.id)
        order.order_line.price_unit = 1
        order.action_confirm()
        contact.parent_id = self.client

    def way_order_of_a_merged_contact(self, _user):
        user = self.merger
        contact = self.env(user=user)["res.partner"].create({"name": "Free"})
        order = self._quote(11, user=user, partner_id=contact.id)
        order.order_line.price_unit = 1
        order.action_confirm()
        wizard = self.env(user=user)["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((contact | self.contact).ids, self.contact, extra_checks=False)

    # === WAYS: THE INVOICE OF AN ORDER === #

    def _bill_with(self, user, **values):
        bill = self._bill(user)
        bill.invoice_line_ids.write(values)
        self._post(bill)

    def way_bill_price(self, user):
        self._bill_with(user, price_unit=1)

    def way_bill_discount(self, user):
        self._bill_with(user, discount=50)

    def way_bill_quantity(self, user):
        """More than was ordered, at the price of then."""
        order = self._quote(1, user=user, partner_id=self.better.id)
        order.action_confirm()
        self.better_dealer.sudo().tier_id = self.ladder.tier_ids[0]
        self.better_dealer.sudo()._give_tier_price()
        forget_dealers(self.env)
        bill = self._invoice_of(order, user)
        self.prices = {self.better: 100}
        bill.invoice_line_ids.quantity = 5000
        self._post(bill)

    def way_bill_unit(self, user):
        self._bill_with(user, product_uom_id=self.dozen.id, price_unit=TIER)

    def way_bill_tax(self, user):
        self._bill_with(user, tax_ids=[Command.set(self.negative.ids)])

    def way_bill_fiscal_position(self, user):
        bill = self._bill(user)
        bill.fiscal_position_id = self.minus
        bill.invoice_line_ids.tax_ids = self.negative
        self._post(bill)

    def way_bill_term(self, user):
        bill = self._bill(user)
        bill.invoice_payment_term_id = self.early
        self._post(bill)

    def way_bill_rounding(self, user):
        bill = self._bill(user)
        bill.invoice_cash_rounding_id = self.rounding
        self._post(bill)

    def _bill_amount(self, user, **values):
        bill = self._bill(user)
        bill.invoice_line_ids.write(values)
        self._post(bill)

    def way_bill_balance(self, user):
        self._bill_amount(user, balance=-1)

    def way_bill_amount_currency(self, user):
        self._bill_amount(user, amount_currency=-1)

    def way_bill_credit(self, user):
        self._bill_amount(user, credit=1)

    def way_posted_early_amount(self, user):
        bill = self._bill(user)
        self._post(bill)
        debt = bill.line_ids.filtered(lambda one: one.display_type == "payment_term")
        debt.write({"discount_amount_currency": 45, "discount_date": "2999-01-01"})

    def way_bill_stranger_link(self, user):
        bill = self._bill(user)
        cheap = self.cheap.order_line
        line = {
            "product_id": self.product.id,
            "quantity": 100,
            "price_unit": 1,
            "sale_line_ids": [Command.set(cheap.ids)],
        }
        bill.write({"invoice_line_ids": [Command.create(line)]})
        self._post(bill)

    def way_bill_two_links(self, user):
        """The first link is right, the other one a stranger's."""
        bill = self._bill(user)
        own, cheap = bill.invoice_line_ids.sale_line_ids, self.cheap.order_line
        bill.invoice_line_ids.sale_line_ids = own | cheap
        bill.invoice_line_ids.price_unit = 1
        self._post(bill)

    def way_bill_link_of_before(self, user):
        line = {
            "quantity": 100,
            "price_unit": 1,
            "sale_line_ids": [Command.set(self.before.order_line.ids)],
        }
        bill = self._bill_alone(user, line, partner_id=self.stranger.id)
        self._post(bill)

    def way_bill_order_of_before(self, user):
        """What was sold before somebody was a dealer is invoiced, and told."""
        self._post(self._invoice_of(self.before, user))

    def way_bill_cancelled_order(self, user):
        order = self._order(user)
        order._action_cancel()
        order.order_line.write({"price_unit": 1})
        links = [Command.set(order.order_line.ids)]
        line = {"price_unit": 1, "sale_line_ids": links}
        self._post(self._bill_alone(user, line))

    def way_bill_advance_credited(self, user):
        """All is paid in advance, the rest is nothing, and the advance goes back."""
        order = self._order(user)
        advance = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "percentage",
                "amount": 100,
                "sale_order_ids": order.ids,
            }
        )
        advance = advance._create_invoices(order.sudo())
        self._post(advance)
        final = order.sudo()._create_invoices(final=True)
        self._post(final)
        self._post(advance.with_user(user)._reverse_moves([{}]))

    def way_bill_credited(self, user):
        bill = self._bill(user)
        self._post(bill)
        self._post(bill._reverse_moves([{}]))

    def way_bill_credited_by_hand(self, user):
        self._post(self._bill(user))
        self._post(self._bill_alone(user, move_type="out_refund"))

    def way_bill_credited_amount(self, user):
        """A credit note of nothing that gives back a thousand."""
        note = self._bill_alone(user, {"price_unit": 0.01}, move_type="out_refund")
        note.invoice_line_ids.write({"balance": 1000})
        self._post(note)

    # === WAYS: AN INVOICE WITHOUT AN ORDER === #

    def way_alone_price(self, user):
        self._post(self._bill_alone(user, {"price_unit": 1}))

    def way_alone_unit(self, user):
        self._post(self._bill_alone(user, {"product_uom_id": self.dozen.id}))

    def way_alone_discount(self, user):
        self._post(self._bill_alone(user, {"discount": 50}))

    def way_alone_term(self, user):
        term = self.early.id
        self._post(self._bill_alone(user, invoice_payment_term_id=term))

    def way_alone_rounding(self, user):
        rounding = self.rounding.id
        self._post(self._bill_alone(user, invoice_cash_rounding_id=rounding))

    def way_alone_balance(self, user):
        bill = self._bill_alone(user)
        bill.invoice_line_ids.write({"balance": -1})
        self._post(bill)

    def way_alone_rebate(self, user):
        bill = self._bill_alone(user)
        rebate = {"name": "Rebate", "price_unit": -500}
        bill.write({"invoice_line_ids": [Command.create(rebate)]})
        self._post(bill)

    def way_alone_of_a_stranger(self, user):
        """Written for somebody else, who becomes a contact of the dealer."""
        contact = self.env(user=user)["res.partner"].create({"name": "Free"})
        bill = self._bill_alone(user, {"price_unit": 1}, partner_id=contact.id)
        contact.parent_id = self.client
        self._post(bill)

    def way_alone_renamed(self, user):
        bill = self._bill_alone(user, {"price_unit": 1}, partner_id=self.friend.id)
        bill.partner_id = self.client
        self._post(bill)


@tagged("post_install", "-at_install")
class TestPriceWays(WaysCommon):
    @property
    def _ways(self):
        names = [name for name in dir(self) if name.startswith("way_")]
        return {name: getattr(self, name) for name in names}

    def test_each_way_is_refused_or_told(self):
        for name, way in self._ways.items():
            for role, user in self.roles.items():
                with self.subTest(way=name, role=role):
                    missing, told, _rights = self._try(way, user)
                    self.assertLessEqual(missing, told + 0.02)
                    self.assertAlmostEqual(max(missing, 0), max(told, 0), delta=0.02)

    def test_control_without_the_guard_each_way_succeeds(self):
        dealers = type(self.env["b2b2c.ladder.standing"])
        merges = type(self.env["base.partner.merge.automatic.wizard"])
        with (
            patch.object(dealers, "_get_dealer_companies", lambda self: {}),
            patch.object(merges, "_check_loyalty_moves", lambda self, partners: None),
        ):
            for name, way in self._ways.items():
                with self.subTest(way=name):
                    found = [self._try(way, user) for user in self.roles.values()]
                    self.assertTrue(
                        any(missing > 1 for missing, _told, _rights in found), found
                    )
                    self.assertFalse(any(told for _missing, told, _rights in found))
