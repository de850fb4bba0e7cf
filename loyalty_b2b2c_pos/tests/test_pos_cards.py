"""Who shows a card at the till earns, whoever the customer of the ticket is."""

from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.fields import Date
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c.models.cards import b2b2c_member as cards
from odoo.addons.loyalty_b2b2c.models.people.member_code import new_code, to_digits

from ..models.buyer import b2b2c_late_ticket as late
from ..models.buyer import barcode_rule
from ..models.spend.shown import find_shown
from .common import PosLoyaltyCommon


class PosCardsCommon(PosLoyaltyCommon):
    """End customers get 5 % of what they buy: 50 points of 10 × 100.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"role": "customer", "pick": "contact"})
        cls.shop = cls.env["res.partner"].create(
            {"name": "Ring Shop", "is_company": True}
        )
        cls.buyer = cls._create_buyer("Daryna Shevchenko", "+380 67 000 00 01")
        cls.friend = cls._create_buyer("Ivan Friend", "+380 67 000 00 02")
        cls.cashier = new_test_user(
            cls.env,
            "till-cashier",
            groups="base.group_user,point_of_sale.group_pos_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.at_till = cls.till.current_session_id

    @classmethod
    def _create_buyer(cls, name, phone, **values):
        email = f"{name.split()[0].lower()}@buyers.example.com"
        return cls._create_member(
            name=name,
            email=email,
            phone=phone,
            role="customer",
            employer_id=cls.shop.id,
            **values,
        )

    def _ask(self, method, *args, user=None):
        """Ask as a cashier's till does."""
        session = self.at_till.with_user(user or self.cashier)
        return getattr(session, method)(*args)

    def _show(self, text, **kw):
        return self._ask("b2b2c_show_buyer", text, **kw)

    def _ticket(self, member=None):
        """Return what the till holds of a card that it scanned."""
        return self._show((member or self.buyer).code)["ticket"]

    def _sell_to(self, token, partner=False, **values):
        """Sell 10 × 100.00 to who shows a card; nobody is the customer by default."""
        partner = partner or self.env["res.partner"]
        return self._sell(partner=partner, b2b2c_member_token=token, **values)

    def _points(self, *members):
        return [self._balances(one)[0] for one in members or (self.buyer, self.friend)]

    def _kept(self, order):
        row = self.env["b2b2c.till.buyer"].search([("pos_order_id", "=", order.id)])
        return row.member_id, row.way


@tagged("post_install", "-at_install")
class TestPosCards(PosCardsCommon):
    # === WHO EARNS === #

    def test_who_shows_a_card_earns_and_is_no_customer(self):
        order = self._sell_to(self._ticket())
        self.assertEqual(self._kept(order), (self.buyer, "card"))
        self.assertFalse(order.partner_id)
        self.assertFalse(order.b2b2c_member_token, "every cashier could read it")
        self.assertEqual(self._points(), [50, 0])

    def test_the_card_earns_in_the_place_of_the_customer(self):
        """The customer's own people of other roles go on as ever."""
        program = self._create_program({"role": "employee"}, name="Staff")
        self.assertTrue(program)
        self.friend.contact_id = self.contact
        order = self._sell_to(self._ticket(), partner=self.contact)
        self.assertEqual(order.partner_id, self.contact)
        self.assertEqual(
            self._points(self.buyer, self.friend, self.member), [50, 0, 50]
        )
        self._sell()
        self.assertEqual(self._points(), [50, 50])

    def test_a_sale_without_network_is_credited_when_it_arrives(self):
        """The till kept what was scanned or typed; nobody had read it."""
        card = self._sell_to(f"m:{self.buyer.code}")
        digits = self._sell_to(to_digits(self.buyer.code))
        phone = self._sell_to("+380670000001")
        self.assertEqual(
            [self._kept(order) for order in (card, digits, phone)],
            [(self.buyer, "card"), (self.buyer, "card"), (self.buyer, "phone")],
        )
        self.assertEqual(self._points(), [150, 0])

    def test_what_names_nobody_stops_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        old = self.friend.code
        self.friend.action_renew_code()
        paused = self._create_buyer("Paused Person", "+380 67 000 00 03")
        paused.action_suspend()
        for token in (
            "4820000000017", "M:", new_code(), old, paused.code, "x" * 5000,
            self.buyer._sign_shown("card", other), self._ticket()[:-3],
        ):  # fmt: skip
            with self.subTest(token=token[:20]):
                order = self._sell_to(token)
                self.assertEqual(self._kept(order)[0], self.env["b2b2c.member"])
        self.assertEqual(self._points(), [0, 0])

    def test_a_card_replaced_after_the_scan_was_shown(self):
        ticket = self._ticket()
        self.buyer.action_renew_code()
        self._sell_to(ticket)
        self.assertEqual(self._points(), [50, 0])

    def test_goods_that_come_back_are_taken_from_who_showed_the_card(self):
        order = self._sell_to(self._ticket())
        refund = self._bring_back(order, 4)
        self.assertFalse(refund.b2b2c_member_token)
        self.assertEqual(self._points(), [30, 0])

    def test_who_brings_goods_back_with_a_card_of_his_own_gains_nothing(self):
        order = self._sell_to(self._ticket())
        refund = order._refund()
        refund.b2b2c_member_token = self._ticket(self.friend)
        self._pay_till(refund)
        self.assertEqual(self._points(), [0, 0])

    def test_what_people_order_by_themselves_names_nobody(self):
        """A public page writes such orders, with whatever it likes in them."""
        for token in (self._ticket(), self.buyer.code, "+380670000001"):
            order = self._sell_to(token, pay=False)
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE pos_order SET source = 'mobile' WHERE id = %s", (order.id,)
            )
            order.invalidate_recordset(["source"])
            self._pay_till(order)
            self.assertFalse(self._kept(order)[0])
        self.assertEqual(self._points(), [0, 0])

    def test_nobody_sells_to_himself(self):
        own = self.cashier.partner_id.copy({"name": "Own Purse", "email": False})
        own.write({"phone": "+380 67 000 00 09", "email": self.cashier.email})
        mine = self._create_member(
            partner_id=own.id, role="customer", employer_id=self.shop.id
        )
        self.assertEqual(self._show(mine.code)["status"], "own")
        order = self._sell_to(mine.code, user_id=self.cashier.id)
        self.assertFalse(self._kept(order)[0])
        order = self._sell_to(mine.code)
        self.assertEqual(self._kept(order)[0], mine, "a colleague served him")

    def test_a_till_whose_clock_is_behind(self):
        """Who joined at the till did so before the sale, whatever its clock says."""
        new = self._create_buyer(
            "New Buyer", "+380 67 000 00 04", enrolled_at=fields.Datetime.now()
        )
        before = fields.Datetime.now() - timedelta(days=2)
        self._sell_to(self._ticket(new), date_order=before)
        self.assertEqual(self._points(new), [50])
        self._sell_to("+380670000004", date_order=before)
        self.assertEqual(self._points(new), [50], "a phone number was there before")

    def test_a_fault_of_ours_stops_no_till(self):
        with (
            patch.object(
                cards.B2b2cMember, "_read_shown", side_effect=ZeroDivisionError
            ),
            mute_logger("odoo.addons.loyalty_b2b2c_pos.models.buyer.pos_order"),
        ):
            order = self._sell_to("M:" + self.buyer.code)
        self.assertEqual((order.state, order.amount_paid), ("paid", 1000))

    # === WHAT THE TILL SHOWS === #

    def test_a_masked_name_and_what_there_is(self):
        self._sell_to(self._ticket())
        self._process()
        answer = self._show(f"M:{self.buyer.code}")
        self.assertEqual(
            (answer["status"], answer["name"], answer["way"]),
            ("found", "Daryna S.", "card"),
        )
        [balance] = answer["balances"]
        self.assertIn("50", balance)
        self.assertNotIn(self.buyer.code, str(answer))

    def test_a_phone_number_shows_no_balance(self):
        self._sell_to(self._ticket())
        self._process()
        answer = self._show("+380670000001")
        self.assertEqual((answer["name"], answer["balances"]), ("Daryna S.", []))
        order = self._sell_to(answer["ticket"])
        self._process()
        receipt = self._ask("b2b2c_get_receipt", order.uuid)
        self.assertEqual(receipt["balances"], [])
        self.assertIn("50", receipt["earned"])

    def test_a_phone_number_pays_nothing(self):
        """Others know the number: it names who earns, and nobody whose points pay."""
        for text, payer in (
            (self.buyer.code, self.buyer),
            ("+380670000001", self.buyer.browse()),
        ):
            token = self._show(text)["ticket"]
            self.assertEqual(find_shown(self.env, self.company, token), payer)
        self.assertFalse(find_shown(self.env, self.company, "+380670000001"))

    def test_nobody_paused_and_foreign_are_one_answer(self):
        self.friend.action_suspend()
        answers = [
            self._show(text)
            for text in (
                new_code(),
                self.friend.code,
                "4820000000017",
                None,
                "+380670000002",
            )  # fmt: skip
        ]
        self.assertEqual(answers, [answers[0]] * 5)
        self.assertEqual(answers[0]["status"], "unknown")

    def test_what_a_basket_brings(self):
        ticket = self._ticket()
        line = {
            "product_id": self.product.id,
            "qty": 3,
            "price_unit": 100.0,
            "price_subtotal": 300.0,
            "price_subtotal_incl": 300.0,
            "tax_ids": [],
        }
        answer = self._ask("b2b2c_preview", ticket, {"lines": [line]})
        self.assertEqual(answer["gain"], self.unit._format(Decimal(15)))
        self.assertEqual(self._points(), [0, 0])
        garbage = [None, 7, {}, {**line, "qty": "x"}, {**line, "product_id": 10**9}]
        answer = self._ask("b2b2c_preview", ticket, {"lines": [line, *garbage]})
        self.assertEqual(answer["gain"], self.unit._format(Decimal(15)))
        for basket in (None, [], {"lines": 7}, {"lines": garbage, "partner_id": "x"}):
            self.assertEqual(self._ask("b2b2c_preview", ticket, basket)["gain"], "")
        answer = self._ask("b2b2c_preview", "forged", {"lines": [line]})
        self.assertTrue(answer["message"])
        self.assertFalse(answer["gain"])

    def test_the_preview_is_what_is_booked(self):
        """One judge: with a customer, a discount and what earns nothing."""
        self.friend.contact_id = self.contact
        order = self._sell_to(self._ticket(), partner=self.contact, pay=False)
        names = (
            "qty",
            "price_unit",
            "discount",
            "price_subtotal",
            "price_subtotal_incl",
        )
        basket = {
            "partner_id": self.contact.id,
            "lines": [
                {"product_id": line.product_id.id}
                | {name: line[name] for name in names}
                for line in order.lines
            ],
        }
        gain = self._ask("b2b2c_preview", self._ticket(), basket)["gain"]
        self._pay_till(order)
        self._process()
        receipt = self._ask("b2b2c_get_receipt", order.uuid)
        self.assertEqual(receipt["earned"], gain)
        self.assertEqual(self._points(), [50, 0])

    def test_the_receipt_says_the_same_again(self):
        order = self._sell_to(self._ticket())
        self._process()
        receipt = self._ask("b2b2c_get_receipt", order.uuid)
        self.assertEqual(receipt["earned"], self.unit._format(Decimal(50)))
        self.assertEqual(receipt["balances"], [self.unit._format(Decimal(50))])
        self.assertEqual(order.b2b2c_receipt, receipt)
        self.assertNotIn(self.buyer.name, str(receipt))
        self.assertEqual(self._ask("b2b2c_get_receipt", self._sell().uuid), {})
        self.assertEqual(self._ask("b2b2c_get_receipt", ["x"]), {})

    def test_the_start_of_a_till_tells_how_cards_read(self):
        data = self.at_till.with_user(self.cashier).load_data(["pos.config"])
        [config] = data["pos.config"]
        told = config["_b2b2c_buyer"]
        self.assertEqual((told["type"], told["join_link"]), ("b2b2c_member", ""))
        self.assertNotIn("b2b2c_invitation_id", config)
        invitation = self.env["b2b2c.invitation"].create(
            {"employer_id": self.shop.id, "role": "customer", "approval": "none"}
        )
        self.till.b2b2c_invitation_id = invitation
        data = self.at_till.with_user(self.cashier).load_data(["pos.config"])
        self.assertEqual(
            data["pos.config"][0]["_b2b2c_buyer"]["join_link"], invitation.link
        )

    # === ATTACKS BY REMOTE CALL === #

    def test_only_who_works_at_the_till_asks(self):
        outsider = new_test_user(self.env, "outsider", groups="base.group_user")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = new_test_user(
            self.env,
            "foreign",
            groups="base.group_user,point_of_sale.group_pos_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for user in (outsider, foreign):
            for method, args in (
                ("b2b2c_show_buyer", ("x",)),
                ("b2b2c_send_buyer_code", ("x",)),
                ("b2b2c_preview", ("x", {})),
                ("b2b2c_get_receipt", ("x",)),
            ):
                with self.subTest(user=user.login, method=method):
                    with self.assertRaises(AccessError):
                        self._ask(method, *args, user=user)
        self.at_till.state = "closed"
        with self.assertRaises(AccessError):
            self._show(self.buyer.code)

    def test_phone_numbers_cannot_be_tried_on_and_on(self):
        with patch.object(cards, "GUESSES", 3):
            answers = [self._show("+380670000001")["status"] for _try in range(5)]
            self.assertEqual(answers, ["found"] * 3 + ["wait"] * 2)
            self.assertEqual(self._show(self.buyer.code)["status"], "found")

    def test_a_receipt_of_another_session_is_not_told(self):
        order = self._sell_to(self._ticket())
        self._process()
        other = self.till.copy({"name": "Other till"})
        other.open_ui()
        self.at_till = other.current_session_id
        self.assertEqual(self._ask("b2b2c_get_receipt", order.uuid), {})

    def test_a_code_by_sms_is_told_to_the_phone_alone(self):
        known = self._ask("b2b2c_send_buyer_code", "+380670000001")
        unknown = self._ask("b2b2c_send_buyer_code", "+380509999999")
        self.assertEqual(known, unknown)
        sms = self.env["sms.sms"].search([], order="id desc", limit=1)
        code = "".join(filter(str.isdigit, sms.body.split("cashier")[1][:10]))
        answer = self._show(code)
        self.assertEqual((answer["name"], answer["way"]), ("Daryna S.", "code"))

    def test_cashiers_read_no_row_of_ours(self):
        self._sell_to(self._ticket())
        rows = self.env["b2b2c.till.buyer"].with_user(self.cashier)
        with self.assertRaises(AccessError):
            rows.search([])

    # === BAR CODES === #

    def test_a_nomenclature_reads_cards_and_no_trade_numbers(self):
        nomenclature = self.env["barcode.nomenclature"].create({"name": "Ours"})
        parse = nomenclature.parse_barcode
        for text in (f"M:{self.buyer.code}", to_digits(self.buyer.code)):
            self.assertEqual(parse(text)["type"], barcode_rule.MEMBER)
        for text in ("049000050103", "4820000000017", "M:SHORT"):
            self.assertNotEqual(parse(text)["type"], barcode_rule.MEMBER)
        default = self.env.ref("barcodes.default_barcode_nomenclature")
        types = default.rule_ids.mapped("type")
        self.assertEqual(types.count(barcode_rule.MEMBER), 1)


@tagged("post_install", "-at_install")
class TestLateTickets(PosCardsCommon):
    """The card was at home: the ticket of 1,000.00 is named on the portal."""

    def _name(self, order, member=None, **values):
        facts = {
            "number": order.pos_reference,
            "day": Date.to_date(order.date_order),
            "total": Decimal("1000.00"),
            **values,
        }
        tickets = self.env["b2b2c.late.ticket"]
        return tickets._name_ticket(member or self.buyer, **facts)

    def _sell_unnamed(self, **values):
        return self._sell_to(False, **values)

    def test_a_ticket_is_credited_once(self):
        order = self._sell_unnamed()
        self.assertEqual(self._points(), [0, 0])
        words, is_credited = self._name(order)
        self.assertTrue(is_credited, words)
        self.assertEqual(self._points(), [50, 0])
        again, others = self._name(order), self._name(order, self.friend)
        self.assertEqual(again, others)
        self.assertFalse(again[1])
        self.assertEqual(self._points(), [50, 0])
        self._bring_back(order, 4)
        self.assertEqual(self._points(), [30, 0])

    def test_whatever_is_wrong_gets_one_answer(self):
        order, old = self._sell_unnamed(), self._sell_unnamed()
        shown = self._sell_to(self._ticket(self.friend))
        theirs = self._sell(partner=self.contact)
        self.env.cr.execute(
            """UPDATE pos_order SET create_date = create_date - interval '15 days'
                WHERE id = %s""",
            (old.id,),
        )
        old.invalidate_recordset()
        today = Date.to_date(order.date_order)
        with patch.object(late, "TRIES", 0):
            answers = [
                self._name(order, number="000000"),
                self._name(order, number=None),
                self._name(order, number="%"),
                self._name(order, total=Decimal("1000.01")),
                self._name(order, total=None),
                self._name(order, day=today - timedelta(days=1)),
                self._name(order, day=None),
                self._name(old),
                self._name(shown),
                self._name(theirs),
                self._name(self._sell_unnamed(pay=False)),
            ]
        self.assertEqual(answers, [answers[0]] * len(answers))
        self.assertFalse(answers[0][1])
        self.assertEqual(self._points(), [0, 50])
        self.assertTrue(self._name(order, self.friend)[1])

    def test_before_the_person_took_part(self):
        order = self._sell_unnamed()
        new = self._create_buyer(
            "New Buyer",
            "+380 67 000 00 04",
            enrolled_at=order.date_order + timedelta(seconds=1),
        )
        self.assertFalse(self._name(order, new)[1])
        self.assertTrue(self._name(order)[1], "it is still free")

    def test_a_cashier_picks_up_no_tickets(self):
        own = self.cashier.partner_id.copy({"name": "Own Purse"})
        own.write({"phone": "+380 67 000 00 09", "email": self.cashier.email})
        mine = self._create_member(
            partner_id=own.id, role="customer", employer_id=self.shop.id
        )
        order = self._sell_unnamed(user_id=self.cashier.id)
        self.assertFalse(self._name(order, mine)[1])
        self.assertTrue(self._name(self._sell_unnamed(), mine)[1])

    def test_ten_tries_an_hour(self):
        order = self._sell_unnamed()
        for _try in range(10):
            self.assertFalse(self._name(order, total=Decimal("9.99"))[1])
        words, is_credited = self._name(order)
        self.assertIn("Too many", words)
        self.assertFalse(is_credited)
        self.assertTrue(self._name(order, self.friend)[1])

    def test_days_are_set_and_none_offers_nothing(self):
        tickets = self.env["b2b2c.late.ticket"]
        self.assertTrue(tickets._is_offered(self.buyer))
        order = self._sell_unnamed()
        self.company.b2b2c_ticket_days = 0
        self.assertFalse(tickets._is_offered(self.buyer))
        self.assertFalse(self._name(order)[1])
