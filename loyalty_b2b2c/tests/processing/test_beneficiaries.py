"""Who benefits from an order: sellers, and several people by percentage."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..programs.test_rules import RulesCommon


class BeneficiariesCommon(RulesCommon):
    """The shop's owner and two of its salespeople; our own salesperson."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._enroll("Oksana", role="owner")
        cls.seller = cls._enroll("Stepan", role="salesperson")
        cls.other = cls._enroll("Taras", role="salesperson")
        cls.clerk = cls._create_user("clerk", "sales_team.group_sale_salesman")
        cls.ours = cls._enroll(
            "Clerk",
            role="salesperson",
            employer_id=cls.company.partner_id.id,
            contact_id=cls.clerk.partner_id.id,
        )

    @classmethod
    def _enroll(cls, name, **values):
        return cls._create_member(
            name=name, email=f"{name.lower()}@example.com", phone=False, **values
        )

    def _given(self, order):
        """Process the outbox; return name -> (posted, pending) of an order."""
        self._process()
        entries = self.env["b2b2c.ledger.entry"].search(
            [("document_model", "=", "sale.order"), ("document_id", "=", order.id)]
        )
        return {
            member.name: (
                sum(part.mapped("points")) - sum(part.mapped("points_debt")),
                sum(part.mapped("points_pending")),
            )
            for member, part in entries.grouped("member_id").items()
        }


@tagged("post_install", "-at_install")
class TestSeller(BeneficiariesCommon):
    RULE = {"role": "salesperson", "pick": "seller"}

    def test_nobody_named(self):
        self._create_program(self.RULE)
        self.assertEqual(self._given(self._create_order(user_id=False)), {})

    def test_the_partners_own_salesperson(self):
        self._create_program(self.RULE)
        order = self._create_order(b2b2c_seller_id=self.other.id, user_id=False)
        self.assertEqual(self._given(order), {"Taras": (50, 0)})

    def test_our_own_salesperson(self):
        self._create_program(self.RULE)
        order = self._create_order(user_id=self.clerk.id)
        self.assertEqual(self._given(order), {"Clerk": (50, 0)})

    def test_the_partners_salesperson_comes_before_ours(self):
        self._create_program(self.RULE)
        order = self._create_order(
            user_id=self.clerk.id, b2b2c_seller_id=self.seller.id
        )
        self.assertEqual(self._given(order), {"Stepan": (50, 0)})

    def test_both_in_different_roles(self):
        self.ours.sudo().role = "recommender"
        self._create_program(self.RULE, {"role": "recommender", "pick": "seller"})
        order = self._create_order(
            user_id=self.clerk.id, b2b2c_seller_id=self.seller.id
        )
        self.assertEqual(self._given(order), {"Stepan": (50, 0), "Clerk": (50, 0)})

    def test_a_salesperson_of_another_customer_does_not_count(self):
        self._create_program(self.RULE)
        order = self._create_order(b2b2c_seller_id=self.ours.id, user_id=False)
        self.assertEqual(self._given(order), {})

    def test_naming_somebody_else_moves_the_points(self):
        self._create_program(self.RULE)
        order = self._create_order(b2b2c_seller_id=self.seller.id)
        self._process()
        order.b2b2c_seller_id = self.other
        self.assertEqual(self._given(order), {"Stepan": (0, 0), "Taras": (50, 0)})

    def test_a_seller_merged_into_another_contact(self):
        self._create_program(self.RULE)
        order = self._create_order(b2b2c_seller_id=self.seller.id)
        self._merge(self.seller.partner_id, self.other.partner_id)
        given = self._given(order)
        self.assertEqual(given, {"Taras": (50, 0)})

    def test_a_salesman_without_loyalty_rights_names_nobody(self):
        order = self._create_order(confirm=False)
        with self.assertRaises(UserError):
            order.with_user(self.clerk).b2b2c_seller_id = self.seller.id


@tagged("post_install", "-at_install")
class TestShares(BeneficiariesCommon):
    def _shares(self, *shares, **rule):
        """Return a rule that is divided; shares are (role, pick, percent)."""
        names = ("role", "pick", "percent")
        rows = [dict(zip(names, share, strict=True)) for share in shares]
        return {"share_ids": [Command.create(row) for row in rows], **rule}

    def test_shares_of_one_award(self):
        rule = self._shares(("salesperson", "seller", 70), ("owner", "split", 30))
        self._create_program(rule)
        order = self._create_order(b2b2c_seller_id=self.seller.id)
        self.assertEqual(self._given(order), {"Stepan": (35, 0), "Oksana": (15, 0)})

    def test_what_nobody_can_get_is_not_given(self):
        rule = self._shares(("salesperson", "seller", 70), ("owner", "split", 30))
        self._create_program(rule)
        order = self._create_order(user_id=False)
        self.assertEqual(self._given(order), {"Oksana": (15, 0)})

    def test_shares_follow_a_return(self):
        """15 of 100 points each third: 5 % of 700 = 35 after the return of 3."""
        rule = self._shares(
            ("salesperson", "split", 50), ("owner", "split", 50), trigger="delivered"
        )
        self._create_program(rule)
        order = self._create_order()
        picking = self._deliver(order)
        self.assertEqual(
            self._given(order),
            {"Stepan": (13, 0), "Taras": (12, 0), "Oksana": (25, 0)},
        )
        self._return(picking, 3)
        # 35: half is 17.5, the first share takes the odd point: 18 = 9 + 9
        self.assertEqual(
            self._given(order),
            {"Stepan": (9, 0), "Taras": (9, 0), "Oksana": (17, 0)},
        )

    def test_a_share_is_released_with_the_payment(self):
        rule = self._shares(
            ("salesperson", "seller", 70), ("owner", "split", 30), hold="until_paid"
        )
        self._create_program(rule)
        order = self._create_order(b2b2c_seller_id=self.seller.id)
        self.assertEqual(self._given(order), {"Stepan": (0, 35), "Oksana": (0, 15)})
        self._pay(self._invoice(order))
        self.assertEqual(self._given(order), {"Stepan": (35, 0), "Oksana": (15, 0)})

    def test_too_much_is_refused(self):
        with self.assertRaises(ValidationError) as caught:
            self._create_program(
                self._shares(("owner", "split", 60), ("salesperson", "split", 50))
            )
            self.env.flush_all()  # as at the end of the request
        self.assertIn("add up to 110%", str(caught.exception))

    def test_shares_may_change_places_in_one_save(self):
        program = self._create_program(
            self._shares(("owner", "split", 60), ("salesperson", "split", 40))
        )
        first, second = program.rule_ids.share_ids
        program.rule_ids.share_ids = [
            Command.update(second.id, {"percent": 90}),
            Command.update(first.id, {"percent": 10}),
        ]
        self.assertEqual(program.rule_ids.share_total, 100)
        with self.assertRaises(ValidationError):
            first.percent = 11
            self.env.flush_all()

    def test_shares_stay_as_they_are_once_awarded(self):
        program = self._create_program(self._shares(("owner", "split", 60)))
        self.assertEqual(self._given(self._create_order()), {"Oksana": (30, 0)})
        shares = program.rule_ids.share_ids
        for change in (
            lambda: shares.write({"percent": 50}),
            lambda: shares.create({"rule_id": program.rule_ids.id, "percent": 5}),
            shares.unlink,
        ):
            with self.assertRaises(UserError):
                change()
        action = program.rule_ids.action_new_version()
        version = self.env["b2b2c.earning.rule"].browse(action["res_id"])
        self.assertEqual(version.share_ids.mapped("percent"), [60])
