"""Why did this person (not) get points for that document?"""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestWhy(LoyaltyCommon):
    """Olena orders for the client: 5 % of 1,000.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"pick": "contact"})
        cls.clerk = cls._create_user(
            "why",
            "loyalty_b2b2c.group_user",
            "sales_team.group_sale_salesman_all_leads",
        )

    def _ask(self, document, member=None, user=None):
        wizard = self.env["b2b2c.why"].with_user(user or self.clerk)
        return wizard.create(
            {
                "member_id": (member or self.member).id,
                "document_ref": f"{document._name},{document.id}",
            }
        )

    def test_yes_with_what_is_booked(self):
        order = self._create_order()
        self._process()
        why = self._ask(order)
        self.assertEqual((why.verdict_kind, why.verdict), ("yes", "Yes: 50 pts."))
        self.assertIn("quantity 10, amount $\N{NO-BREAK SPACE}1,000.00", why.answer)
        self.assertEqual(why.entry_ids, self._entries("earn"))
        self.assertEqual(why.award_ids.points, 50)

    def test_pending(self):
        self.program.rule_ids.hold = "until_paid"
        order = self._create_order()
        self._process()
        why = self._ask(order)
        self.assertEqual(why.verdict_kind, "wait")
        self.assertEqual(why.verdict, "Not yet: 50 pts are pending.")

    def test_quotation(self):
        why = self._ask(self._create_order(confirm=False))
        self.assertEqual(why.verdict_kind, "wait")
        self.assertIn("when the document is confirmed", why.verdict)

    def test_taken_back(self):
        order = self._create_order()
        self._process()
        order._action_cancel()
        self._process()
        why = self._ask(order)
        self.assertEqual(why.verdict_kind, "no")
        self.assertIn("taken back", why.verdict)
        self.assertIn("was cancelled", why.answer)

    def test_not_booked_yet(self):
        order = self._create_order()
        why = self._ask(order)
        self.assertIn("Not booked yet, though 50 pts", why.verdict)

    def test_another_person_of_the_client(self):
        petro = self._create_member(name="Petro", email="p@example.com")
        order = self._create_order()
        self._process()
        why = self._ask(order, petro)
        self.assertEqual((why.verdict_kind, why.verdict), ("no", "No, nothing."))
        self.assertEqual(why.answer, "The rules chose somebody else: Olena Kovalenko.")

    def test_a_rule_that_refuses(self):
        self.program.rule_ids.amount_min = 5000
        order = self._create_order()
        self._process()
        why = self._ask(order)
        self.assertEqual(why.verdict_kind, "no")
        limit = "below the minimum of $\N{NO-BREAK SPACE}5,000.00"
        self.assertIn(limit, why.refusal_ids.mapped("why")[0])

    def test_enrolled_too_late(self):
        late = self._create_member(
            name="Petro", email="p@example.com", enrolled_at="2099-01-01"
        )
        self.program.rule_ids.pick = "each"
        order = self._create_order()
        why = self._ask(order, late)
        self.assertIn("after the document", " ".join(why.refusal_ids.mapped("why")))

    def test_of_another_employer(self):
        shop = self.client.copy({"name": "Far Shop"})
        far = self._create_member(
            name="Petro", email="p@example.com", employer_id=shop.id
        )
        why = self._ask(self._create_order(), far)
        self.assertEqual(why.verdict_kind, "no")
        self.assertIn("Far Shop and has nothing to do with it", why.answer)

    def test_in_a_role_no_rule_rewards(self):
        owner = self._create_member(name="Petro", email="p@example.com", role="owner")
        why = self._ask(self._create_order(), owner)
        self.assertIn("No rule looks at Petro", why.answer)
        self.assertIn("Buyer's employee", why.answer)

    def test_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        there = self._create_member(
            name="Petro", email="p@example.com", company_id=other.id
        )
        why = self._ask(self._create_order(), there, self.env.user)
        self.assertIn("is enrolled at Other", why.answer)

    def test_no_program(self):
        self.program.active = False
        why = self._ask(self._create_order())
        self.assertEqual(why.verdict_kind, "no")

    def test_merged_people_are_one(self):
        order = self._create_order()
        self._process()
        survivor = self._create_member(name="O. K.", email="ok@example.com")
        self._merge(self.member.partner_id, survivor.partner_id)
        self.assertEqual(self._ask(order, survivor).verdict, "Yes: 50 pts.")

    def test_from_the_order_and_from_the_participant(self):
        order = self._create_order()
        for record in (order, self.member):
            action = getattr(
                record.with_user(self.clerk),
                "action_b2b2c_why" if record == order else "action_why",
            )()
            wizard = self.env["b2b2c.why"].with_user(self.clerk)
            wizard = wizard.browse(action["res_id"])
            self.assertEqual(wizard.verdict_kind, "ask")
            with Form(wizard) as form:
                form.member_id = self.member
                form.document_ref = f"sale.order,{order.id}"
            self.assertEqual(wizard.verdict_kind, "wait")

    def test_who_alone_has_entries_is_asked_about(self):
        order = self._create_order()
        self._process()
        self.assertEqual(self._open(order).member_id, self.member)
        self.assertEqual(self._open(order).verdict, "Yes: 50 pts.")
        self._create_member(name="Petro Second", email="petro@example.com")
        self._create_program({"pick": "each"})
        shared = self._create_order()
        self._process()
        booked = self.env["b2b2c.ledger.entry"].search(
            [("document_id", "=", shared.id)]
        )
        self.assertEqual(sorted(booked.mapped("points")), [50, 50, 50])
        self.assertFalse(self._open(shared).member_id)

    def _open(self, order):
        action = order.with_user(self.clerk).action_b2b2c_why()
        return self.env["b2b2c.why"].with_user(self.clerk).browse(action["res_id"])

    def test_a_document_one_may_not_read_is_not_explained(self):
        order = self._create_order()
        user = self._create_user("nosales", "loyalty_b2b2c.group_user")
        with self.assertRaises(AccessError):
            self._ask(order, user=user).read(["verdict"])
