"""A code is shown to its owner, when asking for it; each time is written down."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...exceptions import LedgerIsAppendOnly, RedemptionError
from ...models.vouchers.b2b2c_redemption import SENT_PER_HOUR, SHOWN_PER_HOUR
from .voucher_kit import VoucherCommon


@tagged("post_install", "-at_install")
class TestVoucherShowing(VoucherCommon):
    def setUp(self):
        super().setUp()
        content = b"Code;PIN;Valid until\nAAAA-1111-CCCC;0042;31.12.2099\n"
        self._import(content=content)
        self.request = self._ask(self.ticket)

    def _messages(self):
        return self.env["b2b2c.notification"].search([("kind", "=", "voucher")])

    def test_what_is_shown(self):
        self.pool.link = "https://cinema.example/?c={code}"
        [shown] = self.request._show_vouchers(self.env.user)
        self.assertEqual((shown.code, shown.pin), ("AAAA-1111-CCCC", "0042"))
        self.assertEqual(shown.link, "https://cinema.example/?c=AAAA-1111-CCCC")
        self.assertEqual(str(shown.expires_on), "2099-12-31")

    def test_a_code_that_is_a_link(self):
        self._import("https://cinema.example/g/77")
        [shown] = self._ask(self.ticket, "k-2")._show_vouchers(self.env.user)
        self.assertEqual(shown.link, "https://cinema.example/g/77")

    def test_each_time_is_written_down(self):
        for _look in range(2):
            self.request._show_vouchers(self.env.user)
        showings = self.request.voucher_showing_ids
        self.assertEqual(showings.user_id, self.env.user)
        self.assertEqual(len(showings), 2)
        voucher = self._vouchers()["AAAA-1111-CCCC"]
        self.assertEqual(
            (voucher.state, voucher.shown_at), ("shown", showings[-1].shown_at)
        )
        with self.assertRaises(LedgerIsAppendOnly):
            showings.unlink()

    def test_describing_shows_nothing(self):
        """Pages describe requests; only a tap shows a code."""
        description = self.request._describe()
        self.assertEqual(description.code, "")
        self.assertNotIn("AAAA", repr(description))
        self.assertIn("At Cinema Kyiv", description.lines)
        self.assertEqual(description.next_step, "Open the voucher")
        self.assertEqual(self._vouchers()["AAAA-1111-CCCC"].state, "given")

    def test_so_often_within_the_hour(self):
        for _look in range(SHOWN_PER_HOUR):
            self.request._show_vouchers(self.env.user)
        error = self._catch(
            RedemptionError, lambda: self.request._show_vouchers(self.env.user)
        )
        self.assertEqual(error.code, "too_often")
        self.assertEqual(len(self.request.voucher_showing_ids), SHOWN_PER_HOUR)

    def test_nothing_to_show(self):
        self.account._earn(60, source_key="earn/mug")
        for request in (self._ask(key="mug"), self._ask_checked()):
            with self.assertRaises(RedemptionError):
                request._show_vouchers(self.env.user)
            self.assertFalse(request.voucher_showing_ids)

    def _ask_checked(self):
        """Return a request for a voucher that somebody still decides about."""
        self._import("BBBB-2222")
        self.ticket.is_voucher_checked = True
        return self._ask(self.ticket, "checked")

    def test_nobody_reads_the_code_of_a_row(self):
        voucher = self._vouchers()["AAAA-1111-CCCC"].with_user(self.manager)
        self.assertEqual(voucher.tail, "CCCC")
        for name in ("code_sealed", "code_index", "shape_index"):
            with self.assertRaises(UserError):
                voucher.read([name])
        self.assertNotIn("AAAA", voucher.display_name)

    def test_sent_again_without_the_code(self):
        self.request.with_user(self.officer).action_send_voucher()
        message, before = self._messages(), self.env["mail.mail"].search([])
        self.assertEqual(message.headline, "Your voucher: Ticket")
        message._deliver()
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(mail.subject, "Your voucher: Ticket")
        self.assertIn("Open the voucher", mail.body_html)
        self.assertNotIn("AAAA", mail.body_html)

    def test_a_double_click_sends_once(self):
        for _click in range(2):
            self.request.with_user(self.officer).action_send_voucher()
        self.assertEqual(len(self._messages()), 1)

    def test_sent_so_often_within_the_hour(self):
        for _time in range(SENT_PER_HOUR):
            self.request._send_voucher()
        with self.assertRaises(UserError):
            self.request._send_voucher()

    def test_sending_is_for_officers(self):
        user = self._create_user("looking", "loyalty_b2b2c.group_user")
        with self.assertRaises(UserError):
            self.request.with_user(user).action_send_voucher()
