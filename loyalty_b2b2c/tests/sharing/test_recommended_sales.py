"""Where a code is named: on a quotation, at the terminal, by another system."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...exceptions import IntakeError
from .test_sharing import SharingCommon


@tagged("post_install", "-at_install")
class TestRecommendedOrders(SharingCommon):
    def _quote(self, customer=None):
        customer = customer or self.petro
        return self._create_order(1, partner_id=customer.id, confirm=False)

    def test_a_quotation_keeps_whose_it_is(self):
        order = self._quote()
        order.b2b2c_referral_code = self.link.code.lower().replace("-", " ")
        order.invalidate_recordset()
        self.assertEqual(order.b2b2c_referral_code, self.link.code)
        order.action_confirm()
        self._process()
        self.assertEqual(self._get_brought(self.petro), [(self.iryna, "active")])
        order.invalidate_recordset()
        self.assertEqual(order.b2b2c_referral_code, self.link.code)
        other = self._get_link(self._create_recommender("Taras Bulba"))
        with self.assertRaisesRegex(UserError, "too late for a code"):
            order.b2b2c_referral_code = other.code

    def test_a_code_is_changed_and_taken_off(self):
        order = self._quote()
        other = self._get_link(self._create_recommender("Taras Bulba"))
        order.b2b2c_referral_code = self.link.code
        order.b2b2c_referral_code = other.code
        self.assertEqual(self.uses._find(order).link_id, other)
        order.b2b2c_referral_code = False
        self.assertFalse(self.uses._find(order))

    def test_one_clear_sentence(self):
        old = self._create_customer("Old Customer")
        self._buy(old)
        own = self.iryna.partner_id
        for customer, code, words in (
            (self.petro, "?!", "no code of a recommendation"),
            (self.petro, "IRYNA", "typing error, or the link was cut"),
            (own, self.link.code, "This is your own code"),
            (old, self.link.code, "for new customers"),
        ):
            with self.subTest(words=words):
                order = self._quote(customer)
                with self.assertRaisesRegex(UserError, words):
                    order.b2b2c_referral_code = code
                self.assertFalse(self.uses._find(order))
        self.link.action_pause()
        with self.assertRaisesRegex(UserError, "not valid at the moment"):
            self._quote().b2b2c_referral_code = self.link.code

    def test_an_end_a_suspended_person_and_another_company(self):
        self.iryna.action_suspend()
        with self.assertRaisesRegex(UserError, "not valid at the moment"):
            self._quote().b2b2c_referral_code = self.link.code
        self.iryna.action_resume()
        self.link.valid_until = self.today - timedelta(days=2)
        with self.assertRaisesRegex(UserError, "This recommendation has ended"):
            self._quote().b2b2c_referral_code = self.link.code
        self.link.valid_until = False
        other = self.env["res.company"].create({"name": "Elsewhere"})
        order = self.env["sale.order"].create(
            {"partner_id": self.petro.id, "company_id": other.id}
        )
        with self.assertRaisesRegex(UserError, "Nobody recommends with this code"):
            order.b2b2c_referral_code = self.link.code
        self.assertFalse(self.uses.search([("link_id", "=", self.link.id)]))

    def test_who_buys_is_known_only_later(self):
        order = self._quote()
        self.assertFalse(order._b2b2c_recommend(self.link, "order"))
        order.partner_id = self.iryna.partner_id
        sentence = order._b2b2c_check_recommendation()
        self.assertIn("your own code", sentence)
        self.assertFalse(self.uses._find(order))

    def test_the_last_use_is_this_orders(self):
        self.link.max_uses = 1
        order = self._quote()
        order.b2b2c_referral_code = self.link.code
        self.assertEqual(order._b2b2c_check_recommendation(), "")
        second = self._quote(self._create_customer("Second"))
        with self.assertRaisesRegex(UserError, "as often as it can be"):
            second.b2b2c_referral_code = self.link.code

    def test_who_may_not_change_an_order_hears_nothing_of_codes(self):
        order = self._quote()
        nobody = new_test_user(self.env, "nobody", groups="base.group_portal")
        with self.assertRaises(AccessError):
            order.with_user(nobody).write({"b2b2c_referral_code": "?!"})


@tagged("post_install", "-at_install")
class TestReportedRecommendations(SharingCommon):
    def setUp(self):
        super().setUp()
        self.buyer = self._create_member(
            name="Nadia New", email="nadia@example.com", role="recommender"
        )
        self.intake = self.env["b2b2c.intake"]

    def _values(self, **values):
        return {
            "type": "sale",
            "reference": "T-1",
            "amount": 100,
            "member": {"id": self.buyer.id},
            **values,
        }

    def _record(self, **values):
        return self.intake._record(
            self._values(**values), company=self.company, channel="api"
        )[0]

    def test_a_code_is_kept_with_what_was_reported(self):
        document = self._record(referral_code=self.link.code)
        self.assertEqual(document.referral_link_id, self.link)
        self.assertEqual(self.uses._find(document).channel, "api")
        self._process()
        self.assertTrue(self.uses._find(document).referral_id)
        # sent again it is the same, without the code it is another document
        self.assertEqual(self._record(referral_code=self.link.code), document)
        with self.assertRaises(IntakeError) as caught:
            self._record()
        self.assertEqual(caught.exception.code, "reference_conflict")

    def test_who_recommended_by_name(self):
        document = self._record(referrer={"email": "iryna@example.com"})
        self.assertEqual(document.referral_link_id, self.link)
        for names in ({"email": "nobody@example.com"}, {"id": self.buyer.id}):
            with self.assertRaises(IntakeError) as caught:
                self._record(reference="T-2", referrer=names)
            problem = (caught.exception.code, caught.exception.field)
            self.assertEqual(problem, ("unknown_member", "referrer"))

    def test_a_code_that_cannot_be_used_is_refused(self):
        for code in (self.link.code[:-1], "NOBODY-2222-2222", "?!"):
            with self.subTest(code=code), self.assertRaises(IntakeError) as caught:
                self._record(referral_code=code)
            self.assertEqual(caught.exception.code, "invalid_referral")
            self.assertEqual(caught.exception.field, "referral_code")

    def test_a_preview_tells_the_discount(self):
        answer = self.intake._preview(
            self._values(referral_code=self.link.code),
            company=self.company,
            channel="api",
        )
        currency = self.company.currency_id.name
        self.assertEqual(
            answer["discount"],
            {"percent": 10, "minimum": 0, "maximum": 50, "currency": currency},
        )
        self.assertFalse(self.uses.search([("link_id", "=", self.link.id)]))

    def test_a_preview_names_who_would_earn(self):
        self.program.action_close()
        self.campaign.program_id = self._create_program(
            {"role": "recommender", "pick": "referrer", "value": 10}
        )
        petro = {"member": None, "partner": {"id": self.petro.id}}
        where = {"company": self.company, "channel": "api"}
        for values, expected in (
            ({}, []),
            ({"referral_code": self.link.code}, [(self.iryna.id, 10)]),
            # nobody earns from the own purchase
            (
                {
                    "referral_code": self.link.code,
                    "partner": {"id": self.iryna.partner_id.id},
                },
                [],
            ),
        ):
            with self.subTest(values=values):
                sale = self._values(**{**petro, **values})
                answer = self.intake._preview(sale, **where)
                awards = [(row["member_id"], row["points"]) for row in answer["awards"]]
                self.assertEqual(awards, expected)
        self._record(referral_code=self.link.code, **petro)
        self._process()
        self.assertEqual(self._balances(self.iryna)[0], 10)

    def test_the_terminal(self):
        operator = new_test_user(
            self.env, "counter", groups="loyalty_b2b2c.group_terminal"
        )
        terminal = self.env["b2b2c.terminal"].with_user(operator)
        self.assertTrue(terminal.start()["has_recommendations"])
        [found] = terminal.search_member(self.buyer.code)["members"]
        ticket = found["ticket"]
        sale = {"amount": "100", "referral_code": self.link.code.lower()}
        preview = terminal.preview(ticket, sale)
        self.assertIn("10 % off", preview["recommendation"])
        terminal.record(ticket, sale, "a-key-of-16-chars-or-more")
        document = self.env["b2b2c.external.document"].search([], limit=1)
        self.assertEqual(self.uses._find(document).channel, "terminal")
        with self.assertRaisesRegex(UserError, "typing error"):
            terminal.preview(ticket, {"amount": "5", "referral_code": "IRYNA-2222"})
