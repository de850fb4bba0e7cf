"""Tickets are measured by the rule of orders and invoices."""

from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PosLoyaltyCommon

#: How Odoo marks its discount on a ticket (``pos_discount``).
GLOBAL = {"extra_tax_data": {"computation_key": "global_discount"}}


class PosMeasuresCommon(PosLoyaltyCommon):
    """A sale is 10 × 100.00, the rule gives 5 %: 50 points, half a point a unit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.taxes_id = False
        cls.pen = cls._create_product("Pen", 40.0, taxes_id=False)
        cls.discount = cls._create_product(
            "Discount", 0.0, type="service", taxes_id=False
        )

    def tearDown(self):
        self.env.flush_all()
        self.assertBooksRight()
        super().tearDown()

    def _points(self, act):
        """Return how many available points something brings."""
        before = self._balances()[0]
        act()
        return self._balances()[0] - before

    def _note(self, invoice, *lines):
        """Let accounting post a note of an invoice.

        :param lines: ``(product, quantity, price)``; a copy of all lines by default
        """
        note = invoice._reverse_moves(
            [{"invoice_date": fields.Date.today()}], cancel=False
        )
        if lines:
            note.invoice_line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "product_id": product.id,
                        "quantity": quantity,
                        "price_unit": price,
                        "tax_ids": [Command.clear()],
                    }
                )
                for product, quantity, price in lines
            ]
        note.action_post()
        return note

    def _create_free_piece(self):
        """Return the line by which a till gives a piece of 100 for nothing."""
        program = self.env["loyalty.program"].create(
            {
                "name": "Three for two",
                "program_type": "promotion",
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "product",
                            "reward_product_id": self.product.id,
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        reward = program.reward_ids
        return (
            reward.discount_line_product_id,
            1,
            -100,
            {"is_reward_line": True, "reward_id": reward.id},
        )

    def _refund(self, ticket, *backs, others=(), method=None):
        """Take goods back.

        :param backs: ``(line of the ticket, quantity)``
        :param others: lines of :meth:`_ring` on the same ticket
        """
        lines = [
            (
                line.product_id,
                -quantity,
                line.price_unit,
                {"refunded_orderline_id": line.id},
            )
            for line, quantity in backs
        ]
        refund = self._ring(*lines, *others, is_refund=True, pay=False)
        if refund.amount_total:
            refund.add_payment(
                {
                    "pos_order_id": refund.id,
                    "amount": refund.amount_total,
                    "payment_method_id": (method or self.card).id,
                }
            )
        refund.action_pos_order_paid()
        return refund


@tagged("post_install", "-at_install")
class TestSameEverywhere(PosMeasuresCommon):
    """The same lines on a ticket, an order and an invoice give the same points."""

    scopes = ("line", "document")

    def _sell_everywhere(self, *lines):
        """Return the points of the lines on a ticket, an order and an invoice."""

        def order():
            sale = self._create_lines_order(*lines)
            self._deliver(sale)
            self._pay(self._invoice(sale))

        def ticket():
            self._ring(
                *(
                    (
                        product,
                        quantity,
                        price,
                        {"tax_ids": [Command.set(product.taxes_id.ids)]},
                    )
                    for product, quantity, price in lines
                )
            )

        return [
            self._points(act)
            for act in (ticket, order, lambda: self._pay(self._invoice_alone(*lines)))
        ]

    def _invoice_alone(self, *lines):
        """Post an invoice without an order; lines are (product, quantity, price)."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.contact.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(product.taxes_id.ids)],
                        }
                    )
                    for product, quantity, price in lines
                ],
            }
        )
        invoice.action_post()
        return invoice

    def _credit_everywhere(self, *note):
        """Return the points that are left of 10 × 100.00 less a note of the lines."""

        def on_ticket():
            self._note(self._sell(to_invoice=True).account_move, *note)

        def on_order():
            sale = self._create_order()
            self._deliver(sale)
            invoice = self._invoice(sale)
            self._pay(invoice)
            self._note(invoice, *note)

        def alone():
            invoice = self._invoice_alone((self.product, 10, 100))
            self._pay(invoice)
            self._note(invoice, *note)

        return [self._points(act) for act in (on_ticket, on_order, alone)]

    def test_a_note_of_money(self):
        self._create_program({"trigger": "paid"})
        self.assertEqual(self._credit_everywhere((self.product, 10, 10)), [45] * 3)
        self.assertEqual(self._credit_everywhere((self.discount, 1, 300)), [35] * 3)

    def test_a_note_of_all(self):
        self._create_program({"trigger": "paid"})
        self.assertEqual(self._credit_everywhere(), [0] * 3)

    def test_goods_that_come_back(self):
        """4 of 10, at the till or in the office: money and pieces."""
        self._create_program(
            {"trigger": "paid"}, {"trigger": "paid", "kind": "per_unit", "value": 1}
        )

        def at_the_till():
            ticket = self._sell()
            self._refund(ticket, (ticket.lines, 4))

        def in_the_office():
            sale = self._create_order()
            picking = self._deliver(sale)
            invoice = self._invoice(sale)
            self._pay(invoice)
            self._return(picking, 4)
            self._note(invoice, (self.product, 4, 100))

        def by_a_note():
            self._note(self._sell(to_invoice=True).account_move, (self.product, 4, 100))

        points = [self._points(act) for act in (at_the_till, in_the_office, by_a_note)]
        self.assertEqual(points, [30 + 6] * 3)

    def _check(self, expected, *lines, **rule):
        """Sell with a rule for lines and one for documents, each gives ``expected``."""
        program = self._create_program(
            *({"trigger": "paid", "scope": scope, **rule} for scope in self.scopes)
        )
        self.assertEqual(self._sell_everywhere(*lines), [expected * 2] * 3)
        for rule in program.rule_ids:
            entries = self._entries().filtered(
                lambda one, rule=rule: one.rule_id == rule
            )
            self.assertEqual(sum(entries.mapped("points")), expected * 3, rule.scope)

    def test_a_discount_on_all(self):
        """600 + 400 − 500: 5 % of 500."""
        self._check(
            25,
            (self.product, 6, 100),
            (self.pen, 10, 40),
            (self.discount, 1, -500),
        )

    def test_a_discount_counts_for_its_part(self):
        """Paper is 600 of 1000, so it bears 300 of 500: 5 % of 300."""
        self._check(
            15,
            (self.product, 6, 100),
            (self.pen, 10, 40),
            (self.discount, 1, -500),
            product_ids=[Command.set(self.product.ids)],
        )

    def _sell_taxed(self, expected, product):
        """Sell paper at 20 % and pens at 7 %, with 100 taken off at 20 %."""
        self.product.taxes_id = self._create_tax(20)
        self.pen.taxes_id = self._create_tax(7)
        self.discount.taxes_id = self.product.taxes_id
        self._check(
            expected,
            (self.product, 6, 100),
            (self.pen, 10, 40),
            (self.discount, 1, -100),
            product_ids=[Command.set(product.ids)],
        )

    def test_a_discount_lowers_what_has_its_tax(self):
        self._sell_taxed(25, self.product)

    def test_a_discount_spares_what_has_another_tax(self):
        self._sell_taxed(20, self.pen)

    def test_an_exchange(self):
        """10 sold, 4 brought back, 5 pens instead: 600 and 200."""
        self._check(
            40, (self.product, 10, 100), (self.product, -4, 100), (self.pen, 5, 40)
        )

    def test_an_exchange_of_pieces(self):
        """10 sold, 4 brought back: 6 pieces."""
        self._check(
            6,
            (self.product, 10, 100),
            (self.product, -4, 100),
            (self.pen, 5, 40),
            kind="per_unit",
            value=1,
            product_ids=[Command.set(self.product.ids)],
        )

    def test_a_free_piece(self):
        """Three for two: two pieces of 100, however Odoo writes it."""
        self._create_program(
            *({"trigger": "paid", "scope": scope} for scope in self.scopes),
            *(
                {"trigger": "paid", "scope": scope, "kind": "per_unit", "value": 1}
                for scope in self.scopes
            ),
        )
        free = self._create_free_piece()
        points = self._points(lambda: self._ring((self.product, 3, 100), free))
        self.assertEqual(points, 2 * 10 + 2 * 2)
        order = self._create_lines_order((self.product, 2, 100), (self.product, 1, 0))
        self._deliver(order)
        points = self._points(lambda: self._pay(self._invoice(order)))
        self.assertEqual(points, 2 * 10 + 2 * 2)


@tagged("post_install", "-at_install")
class TestLowered(PosMeasuresCommon):
    """What lowers a ticket, and what is no sale on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"trigger": "paid"})

    def test_a_tip_bears_its_part_of_a_discount_and_earns_nothing(self):
        """900 of goods, 100 of tip, 500 off: the goods keep 450."""
        tip = self._create_product("Tip", 1.0, type="service", taxes_id=False)
        self.till.write({"iface_tipproduct": True, "tip_product_id": tip.id})
        self._ring((self.product, 9, 100), (tip, 1, 100), (self.discount, 1, -500))
        self.assertEqual(self._balances()[0], 22)

    def test_the_discount_of_the_till_spares_the_tip(self):
        """Odoo takes 50 % of 900 off, and nothing of the tip."""
        tip = self._create_product("Tip", 1.0, type="service", taxes_id=False)
        self.till.write({"iface_tipproduct": True, "tip_product_id": tip.id})
        self._ring(
            (self.product, 9, 100), (tip, 1, 100), (self.discount, 1, -450, GLOBAL)
        )
        self.assertEqual(self._balances()[0], 22)

    def test_more_taken_off_than_sold(self):
        self._ring((self.product, 1, 100), (self.discount, 1, -200))
        self.assertEqual(self._balances()[0], 0)

    def test_a_menu_counts_as_what_it_consists_of(self):
        self.program.action_close()
        self._create_program({"trigger": "paid", "kind": "per_unit", "value": 1})
        item = Command.create({"product_id": self.product.id})
        combo = self.env["product.combo"].create(
            {"name": "Any paper", "combo_item_ids": [item]}
        )
        menu = self._create_product(
            "Menu", 0.0, type="combo", combo_ids=[Command.set(combo.ids)]
        )
        self._ring((menu, 2, 0), (self.product, 2, 100))
        self.assertEqual(self._balances()[0], 2)

    def _create_reward(self, **values):
        program = self.env["loyalty.program"].create(
            {
                "name": "Paper week",
                "program_type": "promotion",
                "reward_ids": [Command.create({"required_points": 1, **values})],
            }
        )
        return program.reward_ids

    def _get_reward_line(self, reward, price):
        values = {"is_reward_line": True, "reward_id": reward.id}
        return reward.discount_line_product_id, 1, price, values

    def test_what_a_promotion_lowered_stays(self):
        """Half of the paper only; later it is for pens, and other tips exist."""
        self.program.rule_ids.product_ids = self.product
        reward = self._create_reward(
            reward_type="discount",
            discount=50,
            discount_applicability="specific",
            discount_product_ids=[Command.set(self.product.ids)],
        )
        ticket = self._ring(
            (self.product, 6, 100),
            (self.pen, 10, 40),
            self._get_reward_line(reward, -300),
        )
        self.assertEqual(self._balances()[0], 15)
        reward.discount_product_ids = self.pen
        self.till.write({"iface_tipproduct": True, "tip_product_id": self.product.id})
        self.env["b2b2c.event"]._record(ticket)
        self.assertEqual(self._balances()[0], 15)

    @mute_logger("odoo.addons.loyalty_b2b2c_pos.models.pos_order")
    def test_a_till_is_not_stopped_by_what_cannot_be_kept(self):
        lines = self.env.registry["pos.order.line"]
        with patch.object(lines, "_b2b2c_remember", side_effect=ValueError("broken")):
            self._ring((self.product, 10, 100), (self.discount, 1, -500))
        self.assertEqual(self._balances()[0], 25)

    def test_the_cheapest_piece(self):
        """Half of the cheapest piece: 20 of the pens; 5 % of 380."""
        reward = self._create_reward(
            reward_type="discount", discount=50, discount_applicability="cheapest"
        )
        self.program.rule_ids.product_ids = self.pen
        self._ring(
            (self.product, 6, 100),
            (self.pen, 10, 40),
            self._get_reward_line(reward, -20),
        )
        self.assertEqual(self._balances()[0], 19)

    def _create_cards(self):
        values = self.env["loyalty.program"]._get_template_values()["gift_card"]
        program = self.env["loyalty.program"].create({**values, "name": "Gift"})
        gift = program.rule_ids.product_ids[:1]
        gift.taxes_id = False
        return program, gift

    def _use(self, program, amount, **card):
        """Return the line that pays with a card."""
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "points": amount, **card}
        )
        reward = program.reward_ids[:1]
        values = {
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": card.id,
        }
        return reward.discount_line_product_id, 1, -amount, values

    def test_a_gift_card_is_a_payment_as_paid_as_itself(self):
        """Bought on account: what it pays for waits for the card's own invoice."""
        program, gift = self._create_cards()
        sale = self._ring(
            (gift, 1, 400), methods={self.on_account: 400}, to_invoice=True
        )
        self.assertEqual(self._balances()[0], 0, "a card is no sale")
        line = self._use(program, 400, source_pos_order_id=sale.id)
        self._ring((self.product, 10, 100), line)
        self.assertEqual(self._balances()[0], 30, "600 of 1000 are paid")
        self._pay(sale.account_move)
        self.assertEqual(self._balances()[0], 50)

    def test_a_card_that_was_given_is_a_discount(self):
        program, _gift = self._create_cards()
        self._ring((self.product, 10, 100), self._use(program, 400))
        self.assertEqual(self._balances()[0], 30)


@tagged("post_install", "-at_install")
class TestBroughtBack(PosMeasuresCommon):
    """What is taken back at a till, in every way a till does it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"trigger": "paid"})

    def _sell_discounted(self):
        """Sell 600 of paper and 400 of pens at half the price."""
        return self._ring(
            (self.product, 6, 100),
            (self.pen, 10, 40),
            (self.discount, 1, -500, GLOBAL),
        )

    def test_the_discount_of_a_return_lowers_it(self):
        """Half of the pens go back: 200 less 100 that they had been cheaper."""
        ticket = self._sell_discounted()
        pens = ticket.lines[1]
        self._refund(ticket, (pens, 5), others=[(self.discount, 1, 100, GLOBAL)])
        self.assertEqual(self._balances()[0], 20)
        paper = self._measures(ticket)[ticket.lines[0].id]["paid"]
        self.assertEqual((paper.quantity, paper.amount_untaxed), (6, 300))
        kept = self._measures(ticket)[pens.id]["paid"]
        self.assertEqual((kept.quantity, kept.amount_untaxed), (5, 100))

    def _measures(self, ticket):
        return self.env["b2b2c.source.pos.order"]._measure(ticket, 1)

    def test_everything_with_its_discount(self):
        ticket = self._sell_discounted()
        paper, pens, _discount = ticket.lines
        self._refund(
            ticket, (paper, 6), (pens, 10), others=[(self.discount, 1, 500, GLOBAL)]
        )
        self.assertEqual(self._balances()[0], 0)

    def test_a_discount_without_odoos_mark(self):
        """A product that lowered the sale is no sale when the goods come back."""
        ticket = self._ring((self.product, 10, 100), (self.discount, 1, -500))
        self._refund(ticket, (ticket.lines[0], 4), others=[(self.discount, 1, 200)])
        self.assertEqual(self._balances()[0], 15)

    def test_exchange_with_a_receipt(self):
        """4 of 10 come back for 5 pens, 10 % off on all: 540 and 180."""
        ticket = self._ring((self.product, 10, 100), (self.discount, 1, -100, GLOBAL))
        self.assertEqual(self._balances()[0], 45)
        self._refund(
            ticket,
            (ticket.lines[0], 4),
            others=[(self.pen, 5, 40), (self.discount, 1, 20, GLOBAL)],
        )
        self.assertEqual(self._balances()[0], 27 + 9)

    def test_a_return_that_is_returned(self):
        ticket = self._sell()
        refund = self._refund(ticket, (ticket.lines, 4))
        self.assertEqual(self._balances()[0], 30)
        self._refund(refund, (refund.lines, -3))
        self.assertEqual(self._balances()[0], 45)

    def test_money_given_back_is_money_and_pieces_are_pieces(self):
        """Five of ten come back for 200 only: 800 and five pieces are left."""
        self._create_program({"trigger": "paid", "kind": "per_unit", "value": 1})
        ticket = self._sell()
        self.assertEqual(self._balances()[0], 60)
        self._bring_back(ticket, quantity=5, price=40)
        self.assertEqual(self._balances()[0], 40 + 5)

    def test_a_free_piece_that_comes_back(self):
        """Three for two, and all of it back: nothing is left, of pieces either."""
        self._create_program({"trigger": "paid", "kind": "per_unit", "value": 1})
        ticket = self._ring((self.product, 3, 100), self._create_free_piece())
        self.assertEqual(self._balances()[0], 10 + 2)
        self._bring_back(ticket)
        self.assertEqual(self._balances()[0], 0)

    def test_a_return_in_cash_of_what_is_owed(self):
        """Half is paid, 400 of goods go back for money: 100 of 600 were paid."""
        ticket = self._ring(
            (self.product, 10, 100),
            methods={self.card: 500, self.on_account: 500},
            to_invoice=True,
        )
        self.assertEqual(self._balances()[0], 25)
        self._refund(ticket, (ticket.lines, 4))
        self.assertEqual(self._balances()[0], 5)
        self._pay(ticket.account_move)
        self.assertEqual(self._balances()[0], 30)

    def test_a_return_on_account(self):
        """Nothing was paid, nothing is owed for what came back: 600 wait."""
        ticket = self._sell(method=self.on_account, to_invoice=True)
        self._refund(ticket, (ticket.lines, 4), method=self.on_account)
        self.assertEqual(self._balances()[0], 0)
        self._pay(ticket.account_move)
        self.assertEqual(self._balances()[0], 30)


@tagged("post_install", "-at_install")
class TestCreditedByAccounting(PosMeasuresCommon):
    """Notes of tickets' invoices that no till made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"trigger": "paid"})

    def test_money_and_pieces(self):
        """A note at the price takes pieces, one at another price money alone."""
        self._create_program({"trigger": "paid", "kind": "per_unit", "value": 1})
        ticket = self._sell(to_invoice=True)
        self.assertEqual(self._balances()[0], 50 + 10)
        self._note(ticket.account_move, (self.product, 10, 10))
        self.assertEqual(self._balances()[0], 45 + 10)
        self._note(ticket.account_move, (self.product, 2, 100))
        self.assertEqual(self._balances()[0], 35 + 8)

    def test_a_note_that_is_undone(self):
        ticket = self._sell(to_invoice=True)
        note = self._note(ticket.account_move)
        self.assertEqual(self._balances()[0], 0)
        note.button_draft()
        self.assertEqual(self._balances()[0], 50)

    def test_the_note_of_a_return_counts_once(self):
        ticket = self._sell(to_invoice=True)
        refund = self._refund(ticket, (ticket.lines, 4))
        refund.to_invoice = True
        refund._generate_pos_order_invoice()
        self.assertEqual(refund.account_move.reversed_entry_id, ticket.account_move)
        self.assertEqual(self._balances()[0], 30)
        self._note(ticket.account_move, (self.product, 2, 100))
        self.assertEqual(self._balances()[0], 20)

    def test_one_invoice_of_two_tickets(self):
        """500 of 1500 are credited: a third of each ticket, 40 pens of none."""
        tickets = self._sell() | self._ring((self.product, 5, 100), (self.pen, 10, 40))
        self.assertEqual(self._balances()[0], 50 + 45)
        tickets._generate_pos_order_invoice()
        self.assertEqual(len(tickets.account_move), 1)
        self._note(tickets.account_move, (self.product, 5, 100))
        self.assertEqual(self._balances()[0], 33 + 36)


@tagged("post_install", "-at_install")
class TestOnAccount(PosMeasuresCommon):
    """What is bought on the customer's account counts when it is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program(
            {"trigger": "confirmed", "hold": "until_paid"}
        )

    def _close(self):
        session = self.till.current_session_id
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        return session

    def test_an_account_that_is_given_up_after_the_closing(self):
        """400 of 1000 are paid, the rest becomes a bad debt, which is taken back."""
        accounts = self.env["account.account"].create(
            [
                {"name": "Loss", "code": "LOSS", "account_type": "expense"},
                {"name": "Bank", "code": "BANK", "account_type": "asset_cash"},
            ]
        )
        ticket = self._ring((self.product, 10, 100), methods={self.on_account: 1000})
        ticket.session_id.action_pos_session_closing_control()
        receivable = self.contact.property_account_receivable_id
        owed = ticket.session_id.move_id.line_ids.filtered(
            lambda item: item.account_id == receivable and item.debit
        )
        entries = self.env["account.move"]
        for account, amount in zip(accounts, (600, 400), strict=True):
            entries |= self.env["account.move"].create(
                {
                    "line_ids": [
                        Command.create({"account_id": account.id, "debit": amount}),
                        Command.create(
                            {
                                "account_id": receivable.id,
                                "partner_id": owed.partner_id.id,
                                "credit": amount,
                            }
                        ),
                    ]
                }
            )
        entries.action_post()
        self.assertEqual(self._balances(), (0, 50, 0))
        for entry, expected in zip(entries, ((0, 20, 0), (20, 0, 0)), strict=True):
            (owed | entry.line_ids.filtered("credit")).reconcile()
            self.assertEqual(self._balances(), expected)
        entries[0].button_draft()
        self.assertEqual(self._balances(), (0, 50, 0))

    def test_half_on_account(self):
        """What was paid by card counts at once, the rest when nothing is open."""
        ticket = self._ring(
            (self.product, 10, 100),
            methods={self.card: 500, self.on_account: 500},
            to_invoice=True,
        )
        self.assertEqual(self._balances(), (25, 25, 0))
        self._pay(ticket.account_move, 100)
        self.assertEqual(self._balances(), (25, 25, 0))
        payment = self._pay(ticket.account_move)
        self.assertEqual(self._balances(), (50, 0, 0))
        payment.action_draft()
        self.assertEqual(self._balances(), (25, 25, 0))

    def test_paid_early(self):
        """2 % off within ten days: 900 less 18 are 882, with a rebate of 100."""
        self.client.property_payment_term_id = self.env["account.payment.term"].create(
            {
                "name": "2 % within 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        ticket = self._ring(
            (self.product, 10, 100),
            (self.discount, 1, -100),
            methods={self.on_account: 900},
            to_invoice=True,
        )
        self.assertEqual(self._balances(), (0, 45, 0))
        payment = self._pay(ticket.account_move)
        self.assertEqual(payment.amount, 882)
        self.assertEqual(self._balances(), (44, 0, 0))
        payment.action_draft()
        self.assertEqual(self._balances(), (0, 45, 0))

    def test_a_credited_rest_is_not_owed(self):
        ticket = self._ring(
            (self.product, 10, 100),
            methods={self.card: 500, self.on_account: 500},
            to_invoice=True,
        )
        self._note(ticket.account_move, (self.product, 5, 100))
        self.assertEqual(self._balances(), (25, 0, 0))

    def test_two_tickets_one_on_account(self):
        """One invoice, half of it paid at the till: by the ticket that paid."""
        paid, owed = self._sell(), self._sell(method=self.on_account)
        (paid | owed)._generate_pos_order_invoice()
        self.assertEqual(self._balances(), (50, 50, 0))
        self._pay(paid.account_move)
        self.assertEqual(self._balances(), (100, 0, 0))

    def test_the_rest_of_an_invoice_written_off(self):
        ticket = self._ring(
            (self.product, 10, 100),
            methods={self.card: 500, self.on_account: 500},
            to_invoice=True,
        )
        account = self.env["account.account"].search(
            [
                ("account_type", "=", "expense"),
                ("company_ids", "in", self.company.ids),
            ],
            limit=1,
        )
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=ticket.account_move.ids
        ).create(
            {
                "amount": 100,
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": account.id,
            }
        )._create_payments()
        # 500 and 100 of 1000; the rest will never come, unless that is undone
        self.assertEqual(self._balances(), (30, 0, 0))
        ticket.account_move.line_ids.remove_move_reconcile()
        self.assertEqual(self._balances()[0] + self._balances()[1], 50)

    def test_without_an_invoice_the_closing_tells(self):
        ticket = self._sell(method=self.on_account)
        other = self._sell(quantity=4, method=self.on_account)
        self.assertEqual(self._balances(), (0, 70, 0))
        session = self._close()
        self.env["b2b2c.event"]._record(ticket | other)
        self.assertEqual(self._balances(), (0, 70, 0))
        items = session.move_id.line_ids.filtered(
            lambda item: item.partner_id == self.client
        )
        self.assertEqual(sorted(items.mapped("balance")), [400, 1000])
        payment = self._receive(1000)
        owed = items.filtered(lambda item: item.balance == 1000)
        receivable = payment.move_id.line_ids.filtered("account_id.reconcile")
        receivable = receivable.filtered(
            lambda item: item.account_id == owed.account_id
        )
        (receivable | owed).reconcile()
        self.assertEqual(self._balances(), (50, 20, 0))
        payment.action_draft()
        self.assertEqual(self._balances(), (0, 70, 0))

    def test_an_invoice_of_what_the_closing_told(self):
        """Paid by the closing already: the invoice that is made later asks again."""
        ticket = self._sell(method=self.on_account)
        session = self._close()
        owed = session.move_id.line_ids.filtered(
            lambda item: item.partner_id == self.client
        )
        payment = self._receive(1000)
        receivable = payment.move_id.line_ids.filtered(
            lambda item: item.account_id == owed.account_id
        )
        (receivable | owed).reconcile()
        self.assertEqual(self._balances(), (50, 0, 0))
        ticket.action_pos_order_invoice()
        self.assertEqual(ticket.account_move.payment_state, "not_paid")
        self.assertEqual(self._balances(), (50, 0, 0))
        payment.action_draft()
        self.assertEqual(self._balances(), (0, 50, 0))
        self._pay(ticket.account_move)
        self.assertEqual(self._balances(), (50, 0, 0))

    def _receive(self, amount):
        """Post a payment of the client that names no invoice."""
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.client.id,
                "amount": amount,
                "payment_type": "inbound",
                "partner_type": "customer",
            }
        )
        payment.action_post()
        return payment

    def test_closing_an_invoiced_session_keeps_what_was_paid(self):
        ticket = self._sell(to_invoice=True)
        self.assertEqual(self._balances(), (50, 0, 0))
        self._close()
        self.env["b2b2c.event"]._record(ticket)
        self.assertEqual(self._balances(), (50, 0, 0))
