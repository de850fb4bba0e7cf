"""The key is outside the database: what works without it, and how it is changed."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .voucher_kit import KEY, OTHER_KEY, VoucherCommon, use_key


@tagged("post_install", "-at_install")
class TestVoucherKey(VoucherCommon):
    def setUp(self):
        super().setUp()
        self._import("AAAA-1111", "BBBB-2222")

    def _rotate(self):
        return self.env["b2b2c.voucher.key"].with_user(self.manager).action_rotate()

    def test_without_a_key_nothing_is_stored_or_shown(self):
        request = self._ask(self.ticket, "before")
        with use_key():
            with self.assertRaisesRegex(UserError, "B2B2C_VOUCHER_KEY"):
                self._import("CCCC-3333")
            with self.assertRaisesRegex(UserError, "openssl rand"):
                request._show_vouchers(self.env.user)
            self.assertFalse(request.voucher_showing_ids)
            self.assertIn("no key", self.pool.key_problem)
            self.pool.invalidate_recordset()
            # everything else goes on: codes are given, taken back, returned
            other = self._ask(self.ticket, "without")
            self.assertEqual(other.state, "fulfilled")
            other._return(self.officer, "Not wanted")
            self.assertEqual(self.pool.free_count, 1)
        self.pool.invalidate_recordset()
        self.assertFalse(self.pool.key_problem)
        self.assertEqual(request._show_vouchers(self.env.user)[0].code, "AAAA-1111")

    def test_another_key_is_told_before_anything_is_sealed_with_it(self):
        before = self.env["b2b2c.voucher"].search_count([])
        with use_key(OTHER_KEY):
            with self.assertRaisesRegex(UserError, "not the one"):
                self._import("CCCC-3333")
            with self.assertRaisesRegex(UserError, "not the one"):
                self._vouchers()
        self.assertEqual(self.env["b2b2c.voucher"].search_count([]), before)
        self.assertEqual({*self._vouchers()}, {"AAAA-1111", "BBBB-2222"})

    def test_what_is_no_key(self):
        with use_key("secret"), self.assertRaisesRegex(UserError, "is no key"):
            self._import("CCCC-3333")

    def test_a_new_key_takes_the_place_of_the_earlier_one(self):
        with use_key(OTHER_KEY, KEY):
            self._rotate()
            self._import("CCCC-3333")
        with use_key(OTHER_KEY):
            self.assertEqual(
                {*self._vouchers()}, {"AAAA-1111", "BBBB-2222", "CCCC-3333"}
            )
            # codes are told apart as before
            again = self._import("AAAA-1111", "CCCC-3333", "DDDD-4444")
            self.assertEqual(again.added_count, 1)
        with use_key(KEY), self.assertRaisesRegex(UserError, "not the one"):
            self._vouchers()

    def test_a_new_key_alone_changes_nothing(self):
        with use_key(OTHER_KEY), self.assertRaises(UserError):
            self._rotate()
        self.assertEqual(len(self._vouchers()), 2)

    def test_changing_it_is_for_managers(self):
        with use_key(OTHER_KEY, KEY), self.assertRaises(UserError):
            self.env["b2b2c.voucher.key"].with_user(self.officer).action_rotate()
        self.assertEqual(len(self._vouchers()), 2)

    def test_once_is_enough(self):
        with use_key(OTHER_KEY, KEY):
            self.assertEqual(self.env["b2b2c.voucher.key"]._rotate(), 1)
            self.assertEqual(self.env["b2b2c.voucher.key"]._rotate(), 0)

    def test_a_code_in_another_row_or_pool_does_not_open(self):
        """Whoever can write the database cannot let one code stand for another."""
        one, two = self._vouchers().values()
        self.env.cr.execute(
            "UPDATE b2b2c_voucher SET code_sealed = (SELECT code_sealed FROM"
            " b2b2c_voucher WHERE id = %s) WHERE id = %s",
            [two.id, one.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "was changed"):
            one._open_codes()
        pool = self._create_pool("Another")
        self.env.cr.execute(
            "UPDATE b2b2c_voucher SET pool_id = %s WHERE id = %s", [pool.id, two.id]
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "was changed"):
            two._open_codes()
