"""S1.19: who sold at the till is rewarded, and what comes back is taken from him."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.loyalty_b2b2c.exceptions import LedgerIsAppendOnly

from ..models import till_people
from .seller_common import SellerCommon


@tagged("post_install", "-at_install")
class TestSeller(SellerCommon):
    def tearDown(self):
        self.env.flush_all()
        self.assertBooksRight()
        super().tearDown()

    # === WHO SOLD === #

    def test_who_is_logged_in_sold_to_whomever(self):
        self._sell_by(self.nina_user, 10)
        self._sell_by(self.ivan_user, 2, partner_id=self.contact.id)
        self.assertPoints(50, 10)

    def test_who_was_chosen_sold_not_who_cashes_in(self):
        token = self._get_token("Ivan")
        self._sell_by(self.nina_user, 10, b2b2c_seller_token=token)
        self.assertPoints(0, 50)

    def test_a_forged_seller_earns_nobody_and_the_sale_goes_on(self):
        stranger = self._create_member(
            name="Stranger", email="s@example.com", phone="", role="salesperson"
        )
        other_till = self.till.copy({"name": "Other till"})
        good = self._get_token("Ivan")
        letter, number, sign = good.split(".")
        forged = {
            "not a token": "Ivan",
            "empty parts": "..",
            "another person": f"{letter}.{self.nina.id}.{sign}",
            "another kind": f"u.{number}.{sign}",
            "a kind there is not": f"x.{number}.{sign}",
            "not a number": f"{letter}.1e3.{sign}",
            "digits of another alphabet": f"{letter}.\u0661.{sign}",
            "far too long": good + "0" * 4000,
            "of another till": self._get_token("Ivan", other_till),
            "of another shop": till_people.make_token(self.till, stranger),
        }
        for what, token in forged.items():
            with self.subTest(what):
                ticket = self._sell_by(self.nina_user, 10, b2b2c_seller_token=token)
                self.assertEqual(ticket.state, "paid")
        self.assertPoints(0, 0)
        self.assertEqual(self._balances(stranger), (0, 0, 0))
        self._sell_by(self.nina_user, 1, b2b2c_seller_token=good)
        self.assertPoints(0, 5)

    def test_a_till_of_a_shop_has_the_people_of_that_shop(self):
        self.till.b2b2c_shop_id = self.client
        clerk = self._create_member(
            name="Clerk", email="c@example.com", phone="", role="salesperson"
        )
        names = [row["name"] for row in self._find()]
        self.assertIn("Clerk", names)
        self._sell_by(self.nina_user, 10, b2b2c_seller_token=self._get_token("Clerk"))
        self._sell_by(self.ivan_user, 10)  # he takes part in another shop
        self.assertPoints(0, 0)
        self.assertEqual(self._balances(clerk), (50, 0, 0))

    def _find(self, words="", user=None):
        till = self.till.with_user(user or self.petro_user)
        return till.b2b2c_find_sellers(words)["sellers"]

    def test_people_are_asked_for_by_name_and_only_by_cashiers(self):
        found = {row["name"]: row["note"] for row in self._find()}
        self.assertFalse(found["Nina"])
        self.assertTrue(found["Petro"])  # takes no part yet
        self.assertEqual([row["name"] for row in self._find("iVa")], ["Ivan"])
        clerk = self._create_user("no-cashier", "base.group_user")
        with self.assertRaises(AccessError):
            self._find(user=clerk)
        for number in range(30):
            self._create_member(
                name=f"Seller {number:02}", email=f"{number}@example.com", phone="",
                role="salesperson", employer_id=self.shop.id,
            )  # fmt: skip
        answer = self.till.with_user(self.petro_user).b2b2c_find_sellers("Seller")
        self.assertEqual((len(answer["sellers"]), answer["more"]), (20, True))

    def test_nobody_writes_who_sold(self):
        ticket = self._sell_by(self.nina_user, 10)
        kept = self.env["b2b2c.ticket"].search([("order_id", "=", ticket.id)])
        with self.assertRaises(LedgerIsAppendOnly):
            kept.write({"partner_id": self.ivan.partner_id.id})
        for model in ("b2b2c.ticket", "b2b2c.till.seller"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.petro_user).search([])
        # what a cashier writes into a paid order afterwards is none of it
        ticket.with_user(self.petro_user).write(
            {
                "user_id": self.ivan_user.id,
                "b2b2c_seller_token": self._get_token("Ivan"),
            }
        )
        self.env["b2b2c.event"]._record(ticket)
        self.assertPoints(50, 0)

    # === A SELLER WITHOUT PARTICIPANT === #

    def _list(self):
        """Return who waits for a participant, with the number of sales."""
        sellers = self.env["b2b2c.till.seller"].with_user(self.manager)
        waiting = sellers.search([("waiting_ids", "!=", False)])
        return [(seller.name, seller.waiting_count) for seller in waiting]

    def test_a_manager_says_who_it_is_and_recent_sales_are_credited(self):
        self._sell_by(self.petro_user, 2)
        old = self._sell_by(self.petro_user, 4)
        self.assertPoints(0, 0)
        self.assertEqual(self._list(), [("Petro", 2)])
        self.env.cr.execute(
            "UPDATE b2b2c_ticket SET arrived_at = arrived_at - interval '32 days'"
            " WHERE order_id = %s",
            [old.id],
        )
        self._choose("Petro", self.ivan)
        self.assertPoints(0, 10)
        self._sell_by(self.petro_user, 1)
        self.assertPoints(0, 15)

    def _choose(self, name, member, user=None):
        user = user or self.manager
        sellers = self.env["b2b2c.till.seller"].with_user(user).search([])
        seller = sellers.filtered(lambda one: one.name == name)
        dialog = self.env["b2b2c.till.seller.choose"].with_user(user)
        dialog.create({"seller_id": seller.id, "member_id": member.id}).action_choose()

    def test_nobody_says_it_of_himself(self):
        self.ivan_user.group_ids += self.env.ref("loyalty_b2b2c.group_manager")
        self._sell_by(self.petro_user, 2)
        with self.assertRaises(UserError):
            self._choose("Petro", self.ivan, self.ivan_user)
        self.assertPoints(0, 0)

    def test_enrolled_from_the_list(self):
        self._sell_by(self.petro_user, 2, date_order=self._days_ago(1))
        self._process()
        seller = self.env["b2b2c.till.seller"].with_user(self.manager).search([])
        action = seller.action_open_enrolment()
        dialog = self.env["b2b2c.enroll"].with_user(self.manager)
        dialog = dialog.browse(action["res_id"])
        self.assertEqual((dialog.name, dialog.role), ("Petro", "salesperson"))
        self.assertEqual(dialog.employer_id, self.shop)
        dialog.write({"consent": True, "invite": False})
        member = self.env["b2b2c.member"].browse(dialog.action_enroll()["res_id"])
        self.assertEqual(member.partner_id, self.petro_user.partner_id)
        self.assertEqual(self._balances(member), (10, 0, 0))
        self.assertFalse(self._list())

    def test_who_is_mapped_later_changes_nothing_of_what_was_credited(self):
        ticket = self._sell_by(self.nina_user, 10)
        self.assertPoints(50, 0)
        self._choose("Nina", self.ivan)
        self._take_back(ticket.lines, 4, self.petro_user)
        self.assertPoints(30, 0)
        self._sell_by(self.nina_user, 10)
        self.assertPoints(30, 50)

    # === WHAT COMES BACK === #

    def test_in_part_in_full_and_back_again_at_another_till_by_somebody_else(self):
        sold = self._sell_by(self.nina_user, 10, date_order=self._days_ago(2)).lines
        self.assertPoints(50, 0)
        back = self._take_back(sold, 4, self.ivan_user)
        self.assertPoints(30, 0)
        # the customer keeps one of the four after all: a refund of the refund
        self._sell_by(self.ivan_user, (1, back))
        self.assertPoints(35, 0)
        first, self.till = self.till, self.till.copy({"name": "Second till"})
        self.till.open_ui()
        token = self._get_token("Ivan")
        self._take_back(sold, 6, self.petro_user, b2b2c_seller_token=token)
        self.assertPoints(5, 0)
        self.till = first
        self._take_back(sold, 1, self.nina_user)
        self.assertPoints(0, 0)

    def test_an_exchange_takes_from_one_and_gives_to_the_other(self):
        sold = self._sell_by(self.nina_user, 10).lines
        self._sell_by(self.ivan_user, (-10, sold), 4)
        self.assertPoints(0, 20)

    def test_a_minus_typed_at_the_till_takes_from_the_latest_sale(self):
        """A sale to nobody, taken back without naming it: the points go, too."""
        self._sell_by(self.nina_user, 3)
        self._sell_by(self.ivan_user, 2)
        self._sell_by(self.petro_user, -4)
        self.assertPoints(5, 0)
        self._sell_by(self.ivan_user, 5, -2)  # a correction on the ticket itself
        self.assertPoints(5, 15)
        other = self._sell_by(self.nina_user, 1, partner_id=self.contact.id)
        self._sell_by(self.petro_user, -1)  # that was somebody's: not his
        self.assertPoints(10, 10)
        self.assertEqual(other.lines.qty, 1)

    def test_a_minus_with_a_card_takes_from_a_sale_with_that_card(self):
        buyer = self._create_member(
            name="Daryna", email="d@example.com", phone="", role="customer"
        )
        session = self.till.current_session_id.with_user(self.petro_user)

        def show():
            return session.b2b2c_show_buyer(buyer.code)["ticket"]

        self._sell_by(self.nina_user, 4, b2b2c_member_token=show())
        self._sell_by(self.ivan_user, 3)
        self._sell_by(self.petro_user, -1, b2b2c_member_token=show())
        self.assertPoints(15, 15)
        self._sell_by(self.petro_user, -9)
        self.assertPoints(15, 0)

    # === COUNTED ONCE === #

    def test_a_sale_order_settled_at_the_till_is_not_paid_twice(self):
        if "sale_order_line_id" not in self.env["pos.order.line"]._fields:
            self.skipTest("module pos_sale is not installed")
        sale = self._create_order(user_id=self.ivan_user.id)
        self._sell(
            line={
                "sale_order_origin_id": sale.id,
                "sale_order_line_id": sale.order_line.id,
            },
            user_id=self.nina_user.id,
        )
        self.assertPoints(0, 50)

    def test_what_is_paid_in_advance_earns_no_seller(self):
        if "down_payment_product_id" not in self.till._fields:
            self.skipTest("module pos_sale is not installed")
        self.till.down_payment_product_id = self.product
        self._sell_by(self.nina_user, 10)
        self.assertPoints(0, 0)

    @mute_logger("odoo.addons.point_of_sale.models.pos_order")
    def test_the_same_order_again_with_other_content(self):
        order = self._make_order(10)
        self._sync(dict(order))
        again = dict(self._make_order(90, by=self.ivan_user), uuid=order["uuid"])
        self._sync(again)
        self._sync(dict(order))
        self.assertPoints(50, 0)

    @mute_logger("odoo.addons.point_of_sale.models.pos_order")
    def test_offline_for_a_day_then_thirty_orders_each_once(self):
        yesterday = self._days_ago(1)
        orders = [
            self._make_order(1, by=user, date_order=yesterday)
            for user in (self.nina_user, self.ivan_user) * 15
        ]
        self.till.current_session_id.action_pos_session_closing_control()
        self.till.open_ui()
        for _attempt in range(2):  # the first answer was lost
            for order in orders:
                self._sync(dict(order))
        self.assertPoints(75, 75)
        entries = self._account(self.nina).entry_ids
        self.assertEqual(len(entries), 15)

    # === A CLOCK THAT IS WRONG === #

    def test_a_clock_that_is_wrong_by_days_loses_nothing_and_gains_nothing(self):
        yesterday = fields.Datetime.now() - timedelta(days=1)
        past = self.program.rule_ids.copy({"value": 50, "valid_until": yesterday})
        past.valid_from = yesterday - timedelta(days=300)
        self.program.rule_ids[0].valid_from = fields.Datetime.now() - timedelta(hours=1)
        for said in ("2001-01-01 00:00:00", "2099-01-01 00:00:00", self._days_ago(30)):
            with self.subTest(said):
                ticket = self._sell_by(self.nina_user, 1, date_order=said)
                before = self._points()[0]
                self._take_back(ticket.lines, 1)
                self.assertEqual((before, self._points()[0]), (5, 0))

    # === THE OWN DAY === #

    def _ask(self, user, **arguments):
        return self.till.with_user(user).b2b2c_get_my_points(**arguments)

    def test_a_seller_sees_the_own_day_and_place_and_nobody_elses(self):
        self._sell_by(self.nina_user, 10)
        self._sell_by(self.ivan_user, 2)
        ticket = self._sell_by(self.ivan_user, 3)
        self._take_back(ticket.lines, 3, self.nina_user)
        self._process()
        seen = self._ask(self.ivan_user)
        self.assertEqual(
            (seen["name"], seen["sales"], seen["place"], seen["of"]), ("Ivan", 2, 2, 2)
        )
        self.assertIn("500.00", seen["amount"].replace(",", ""))
        [unit] = seen["units"]
        self.assertEqual((unit["today"], unit["available"]), ("10 pts", "10 pts"))
        self.assertNotIn("Nina", str(seen))
        self.assertNotIn("50", seen["month"])
        self.company.b2b2c_share_places = True
        seen = self._ask(self.ivan_user)
        self.assertEqual(
            [(row["name"], row["points"], row["own"]) for row in seen["colleagues"]],
            [("Nina", "50 pts", False), ("Ivan", "10 pts", True)],
        )

    def test_who_takes_no_part_is_told_so(self):
        self.assertIn("Petro", self._ask(self.petro_user)["problem"])

    def test_whose_employee_it_is_makes_no_difference_without_pos_hr(self):
        self._sell_by(self.nina_user, 10)
        self._process()
        self.assertEqual(self._ask(self.ivan_user, employee_id=1, pin="0")["sales"], 0)


@tagged("post_install", "-at_install")
class TestSellerOfPartner(SellerCommon):
    """A till of a company for whose sales another company's program awards points."""

    def test_the_partners_seller_has_the_points_at_the_program(self):
        partner = self.env["res.company"].create({"name": "Partner's Shop"})
        self.env["account.chart.template"].try_loading(
            "generic_coa", partner, install_demo=False
        )
        self.program.source_company_ids = [Command.link(partner.id)]
        seller = self._create_member(
            name="Oksana", email="o@example.com", phone="", role="salesperson",
            employer_id=partner.partner_id.id,
        )  # fmt: skip
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", partner.id)], limit=1
        )
        self.petro_user.company_ids += partner
        till = self.env["pos.config"].with_company(partner)
        method = self.env["pos.payment.method"].with_company(partner)
        self.card = method.create({"name": "Card", "journal_id": bank.id})
        self.till = till.create(
            {
                "name": "Partner's till",
                "company_id": partner.id,
                "payment_method_ids": [Command.set(self.card.ids)],
            }
        )
        self.till.open_ui()
        self._sell_by(
            self.petro_user,
            10,
            company_id=partner.id,
            b2b2c_seller_token=self._get_token("Oksana"),
        )
        self.assertEqual(self._balances(seller), (50, 0, 0))
