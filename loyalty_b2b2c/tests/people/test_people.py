"""People change: contacts merge, are archived, move to another company."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..common import LoyaltyCommon


class PeopleCommon(LoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program()
        cls.shop = cls.env["res.partner"].create(
            {"name": "Second Shop", "is_company": True}
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _earn(self):
        """Olena's client orders: 50 points."""
        order = self._create_order()
        self._process()
        return order


@tagged("post_install", "-at_install")
class TestMergeMore(PeopleCommon):
    def _survivor(self, **values):
        return self._create_member(name="O. K.", email="ok@example.com", **values)

    def _unite(self, survivor):
        self._merge(self.member.partner_id, survivor.partner_id)

    def test_roles_stay_apart(self):
        self._earn()
        owner = self._survivor(role="owner")
        owner._get_account(self.unit)._earn(30, source_key="f/1")
        self._unite(owner)
        self.assertEqual(self.member.state, "enrolled")
        self.assertEqual(self.member.partner_id, owner.partner_id)
        self.assertEqual(self._balances(), (50, 0, 0))
        self.assertEqual(self._balances(owner), (30, 0, 0))

    def test_who_has_left_keeps_the_balance_under_the_same_person(self):
        self._earn()
        self.member.action_leave()
        survivor = self._survivor(enrolled_at=fields.Datetime.now())
        self._unite(survivor)
        self.assertEqual(self.member.state, "left")
        self.assertEqual(self.member.partner_id, survivor.partner_id)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_contact_on_documents_is_merged(self):
        twin = self.contact.copy({"email": "twin@example.com"})
        self._merge(self.contact, twin)
        self.assertEqual(self.member.contact_id, twin)
        self.program.rule_ids.pick = "contact"
        self._create_order(partner_id=twin.id)
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_portal_user_goes_along(self):
        self.member.action_invite()
        user = self.member.partner_id.user_ids
        survivor = self._survivor()
        self._unite(survivor)
        self.assertEqual(user.partner_id, survivor.partner_id)
        self.assertTrue(survivor.has_portal_user)

    def test_employer_with_documents_is_merged(self):
        order = self._earn()
        self._merge(self.client, self.shop)
        self.assertEqual(self.member.employer_id, self.shop)
        self.assertEqual(self._balances(), (50, 0, 0))
        order.order_line.product_uom_qty = 4
        self.assertEqual(self._balances(), (20, 0, 0))

    def test_no_row_is_lost(self):
        self._earn()
        self._account()._reserve(10, source_key="h/1")
        tables = ("b2b2c_ledger_entry", "b2b2c_ledger_lot", "b2b2c_account",
                  "b2b2c_member", "b2b2c_notification")  # fmt: skip
        survivor = self._survivor()

        def count():
            self.env.flush_all()
            found = {}
            for table in tables:
                self.env.cr.execute(f"SELECT array_agg(id) FROM {table}")
                found[table] = set(self.env.cr.fetchone()[0] or ())
            return found

        before = count()
        self._unite(survivor)
        after = count()
        for table in tables:
            self.assertLessEqual(before[table], after[table], table)
        self.assertEqual(self._balances(survivor), (40, 0, 0))

    def test_lapsed_at_the_survivor_and_undone_later_makes_no_debt(self):
        self.program.rule_ids.write({"expiry": "months", "expiry_count": 1})
        order = self._earn()
        survivor = self._survivor(enrolled_at="2019-01-01")
        self._unite(survivor)
        account = self._account(survivor)
        self.assertEqual(self._balances(survivor), (50, 0, 0))
        account._expire(fields.Datetime.now() + timedelta(days=800))
        self.assertEqual(self._balances(survivor), (0, 0, 0))
        order._action_cancel()
        self.assertEqual(self._balances(survivor), (0, 0, 0))

    def test_own_points_are_taken_back_first_after_a_merge(self):
        """The survivor's lot that lapses sooner is not the order's: it stays."""
        survivor = self._survivor(enrolled_at="2019-01-01")
        account = self._account(survivor)
        other = account._earn(
            30,
            source_key="f/1",
            expires_at=fields.Datetime.now() + timedelta(days=5),
        )
        order = self._earn()
        self._unite(survivor)
        before = self._balances(survivor)[0]
        order._action_cancel()
        self._process()
        lot = account.lot_ids.filtered(lambda lot: lot.entry_id == other)
        self.assertEqual(lot.remaining, 30)
        self.assertLess(self._balances(survivor)[0], before)


@tagged("post_install", "-at_install")
class TestArchive(PeopleCommon):
    def test_archived_participant_earns_nothing_new_and_keeps_the_balance(self):
        self._earn()
        self.member.active = False
        self._earn()
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_what_was_earned_follows_its_document(self):
        order = self._earn()
        self.member.active = False
        order.order_line.product_uom_qty = 4
        self.assertEqual(self._balances(), (20, 0, 0))

    def test_brought_back(self):
        self.member.active = False
        self.member.active = True
        self.assertFalse(self.member.archived_at)
        self._earn()
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_archived_person_is_an_archived_participant(self):
        person = self.member.partner_id
        person.action_archive()
        self.assertFalse(self.member.active)
        person.action_unarchive()
        self.assertTrue(self.member.active)

    def test_archived_program_gives_nothing_new(self):
        self._earn()
        self.program.active = False
        self.assertEqual(self.program.state, "closed")
        self._create_order(date_order=fields.Datetime.now() + timedelta(hours=1))
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_what_an_archived_program_gave_follows_its_documents(self):
        order = self._earn()
        self.program.active = False
        order.order_line.product_uom_qty = 4
        self.assertEqual(self._balances(), (20, 0, 0))
        order._action_cancel()
        self.assertEqual(self._balances(), (0, 0, 0))

    def test_unit_of_a_running_program_cannot_be_archived(self):
        with self.assertRaises(ValidationError):
            self.unit.active = False
        self._earn()
        self.program.action_close()
        self.unit.active = False
        self.assertEqual(self._balances(), (50, 0, 0))

    def test_archived_product_still_counts_for_its_orders(self):
        order = self._earn()
        self.product.active = False
        order.order_line.product_uom_qty = 4
        self.assertEqual(self._balances(), (20, 0, 0))


@tagged("post_install", "-at_install")
class TestMove(PeopleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("mover", "loyalty_b2b2c.group_manager")

    def _move(self, user=None, **values):
        wizard = self.env["b2b2c.member.move"].with_user(user or self.manager)
        wizard = wizard.create(
            {"member_id": self.member.id, "employer_id": self.shop.id, **values}
        )
        return self.env["b2b2c.member"].browse(wizard.action_move()["res_id"])

    def test_points_go_along(self):
        self._earn()
        code = self.member.code
        moved = self._move()
        self.assertEqual(self.member.state, "left")
        self.assertRecordValues(
            moved,
            [
                {
                    "state": "enrolled",
                    "employer_id": self.shop.id,
                    "company_id": self.company.id,
                    "code": code,
                    "enrolled_at": self.member.left_at,
                }
            ],
        )
        self.assertEqual(self._balances(), (0, 0, 0))
        self.assertEqual(self._balances(moved), (50, 0, 0))

    def test_points_stay(self):
        self._earn()
        moved = self._move(points_policy="keep")
        self.assertEqual(self._balances(), (50, 0, 0))
        self.assertEqual(self._balances(moved), (0, 0, 0))
        self._account()._redeem(50, source_key="r/1")  # still the person's

    def test_pending_and_reserved_points_stay(self):
        self._earn()
        reservation = self._account()._reserve(20, source_key="h/1")
        moved = self._move()
        self.assertEqual(self._balances(moved), (30, 0, 0))
        self._account()._release(reservation)
        self.assertEqual(self._balances(), (20, 0, 0))

    def test_old_orders_undone_after_the_move(self):
        order = self._earn()
        moved = self._move()
        order._action_cancel()
        self._process()
        old, new = self._balances(), self._balances(moved)
        self.assertEqual(old[0] + new[0] - old[2] - new[2], 0)

    def test_new_orders_reward_there(self):
        moved = self._move()
        self._create_order(partner_id=self.shop.id)
        self._create_order()
        self.assertEqual(self._balances(), (0, 0, 0))
        self.assertEqual(self._balances(moved), (50, 0, 0))

    def test_only_managers_and_only_sensible_moves(self):
        officer = self._create_user("notmover", "loyalty_b2b2c.group_officer")
        with self.assertRaises(UserError):
            self._move(user=officer)
        for values in (
            {"employer_id": self.client.id},
            {"moved_at": fields.Datetime.now() + timedelta(days=1)},
            {"moved_at": "2000-01-01 00:00:00"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._move(**values)
        self.assertEqual(self.member.state, "enrolled")

    def test_company_of_a_balance_never_changes(self):
        self._earn()
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(UserError):
            self.member.company_id = other
        with self.assertRaises(UserError):
            self._account().company_id = other

    def test_contacts_of_another_company_of_ours_are_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(ValidationError):
            self.member.partner_id.company_id = other
        with self.assertRaises(ValidationError):
            self.client.company_id = other
        self.client.company_id = self.company
        with self.assertRaises(ValidationError):
            self._create_member(
                name="Petro", email="p@example.com", company_id=other.id
            )


@tagged("post_install", "-at_install")
class TestPlace(TransactionCase):
    def test_a_map_opens_at_the_place_or_at_the_address(self):
        shop = self.env["res.partner"].create(
            {"name": "Corner", "street": "Rynok 1", "city": "Lviv"}
        )
        self.assertIn("search?query=Rynok+1", shop.action_b2b2c_show_place()["url"])
        shop.write({"partner_latitude": 49.84, "partner_longitude": 24.03})
        self.assertIn("mlat=49.840000", shop.action_b2b2c_show_place()["url"])
