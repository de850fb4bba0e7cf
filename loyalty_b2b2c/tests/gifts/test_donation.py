"""Donations: points are spent for a cause, and their worth is paid out once."""

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..rewards.test_redemption import RedemptionCommon


class DonationCommon(RedemptionCommon):
    """Points of 0.20 for books at a school; 200 points to spend."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(200, source_key="earn/donation")
        cls.unit.with_company(cls.company).face_value = 0.2
        cls.school = cls.env["res.partner"].create({"name": "School 5"})
        cls.books = cls.env["b2b2c.cause"].create(
            {"name": "Books", "partner_id": cls.school.id, "description": "Novels."}
        )
        cls.reward = cls._create_reward(
            "Help the school",
            10,
            kind="donation",
            price_kind="chosen",
            cause_ids=cls.books.ids,
        )
        cls.accountant = cls._create_user(
            "accountant",
            "loyalty_b2b2c.group_manager",
            "account.group_account_invoice",
        )

    def _donate(self, points, key="k-1", **values):
        return self._ask(self.reward, key, amount=str(points), **values)

    def _bill(self, causes=None, user=None):
        """Make bills of this month's donations; return them."""
        today = fields.Date.today()
        dialog = (
            self.env["b2b2c.cause.bill"]
            .with_user(user or self.accountant)
            .create(
                {
                    "cause_ids": (causes or self.books).ids,
                    "date_from": today.replace(day=1),
                    "date_to": today,
                }
            )
        )
        action = dialog.action_bill()
        return self.env["account.move"].search(action["domain"])


@tagged("post_install", "-at_install")
class TestDonation(DonationCommon):
    def test_points_are_spent_at_once(self):
        request = self._donate(50)
        self.assertEqual((request.state, request.cause_id), ("fulfilled", self.books))
        self.assertEqual(self._figures(), (150, 150, 0, 0))
        self.assertEqual(request.worth, 10)
        described = request._describe()
        self.assertEqual(described.lines, ("For: Books", "Novels."))
        self.assertEqual(described.status, "Donated")

    def test_or_when_somebody_has_looked(self):
        self.reward.needs_approval = True
        request = self._donate(50)
        self.assertEqual(self._figures(), (150, 200, 50, 0))
        request.with_user(self.officer).action_fulfil()
        self.assertEqual(self._figures(), (150, 150, 0, 0))

    def test_the_cause_is_chosen_where_there_are_several(self):
        trees = self.env["b2b2c.cause"].create(
            {"name": "Trees", "partner_id": self.school.id}
        )
        hidden = self.env["b2b2c.cause"].create(
            {"name": "Hidden", "partner_id": self.school.id}
        )
        self.reward.cause_ids += trees
        for answer in ("", str(hidden.id), "x", "0"):
            with self.subTest(answer):
                self.assertRefused(
                    "answer", reward=self.reward, answers={"cause": answer}
                )
        request = self._donate(20, answers={"cause": str(trees.id)})
        self.assertEqual(request.cause_id, trees)

    def test_a_cause_that_has_ended(self):
        self.books.active = False
        self.assertRefused("no_cause", reward=self.reward)

    def test_what_a_donation_needs(self):
        for values in (
            {"cause_ids": False},
            {"cause_ids": self.books.ids, "price_kind": "free", "points": 0,
             "member_limit": 1},
        ):  # fmt: skip
            with self.subTest(values), self.assertRaises(ValidationError):
                self._create_reward(
                    "X", values.pop("points", 5), kind="donation", **values
                )


@tagged("post_install", "-at_install")
class TestBills(DonationCommon):
    def test_worth_is_paid_out_once(self):
        self._donate(50, "1")
        self._donate(25, "2")
        self.assertEqual((self.books.donated, self.books.to_pay), (15, 15))
        bill = self._bill()
        self.assertEqual((bill.move_type, bill.state), ("in_invoice", "draft"))
        self.assertEqual(bill.partner_id, self.school)
        self.assertEqual(bill.amount_total, 15)
        self.env.invalidate_all()
        self.assertEqual((self.books.donated, self.books.to_pay), (15, 0))
        with self.assertRaisesRegex(UserError, "not paid out"):
            self._bill()
        self._donate(10, "3")
        self.assertEqual(self._bill().amount_total, 2)

    def test_a_cancelled_bill_pays_nothing(self):
        self._donate(50)
        bill = self._bill()
        bill.button_cancel()
        self.env.invalidate_all()
        self.assertEqual(self.books.to_pay, 10)
        self.assertEqual(self._bill().amount_total, 10)

    def test_a_deleted_bill_pays_nothing(self):
        self._donate(50)
        self._bill().unlink()
        self.env.invalidate_all()
        self.assertEqual(self._bill().amount_total, 10)

    def test_two_who_bill_at_once(self):
        """The look finds donations that another bill has taken meanwhile."""
        request = self._donate(50)
        dialogs = type(self.env["b2b2c.cause.bill"])
        self._bill()
        self.patch(dialogs, "_get_donations", lambda *_args: request)
        with self.assertRaisesRegex(UserError, "Somebody else"):
            self._bill()

    def test_a_bill_per_cause(self):
        trees = self.env["b2b2c.cause"].create(
            {"name": "Trees", "partner_id": self.contact.id}
        )
        self.reward.cause_ids += trees
        self._donate(50, "1", answers={"cause": str(self.books.id)})
        self._donate(25, "2", answers={"cause": str(trees.id)})
        bills = self._bill(self.books | trees)
        self.assertEqual(
            {bill.partner_id: bill.amount_total for bill in bills},
            {self.school: 10, self.contact: 5},
        )

    def test_who_may_not_make_bills_makes_none(self):
        self._donate(50)
        manager = self._create_user("nobills", "loyalty_b2b2c.group_manager")
        with self.assertRaises(AccessError):
            self._bill(user=manager)

    def test_nobody_pays_an_own_cause_out(self):
        self._donate(50)
        self.books.partner_id = self.accountant.partner_id
        with self.assertRaisesRegex(UserError, "concerns you"):
            self._bill()

    def test_the_report_by_cause(self):
        self._donate(50)
        action = self.books.action_open_donations()
        [row] = self.env["b2b2c.redemption"].formatted_read_group(
            action["domain"], ["cause_id"], ["worth:sum", "points:sum"]
        )
        self.assertEqual((row["worth:sum"], row["points:sum"]), (10, 50))
