"""A code is given once: reserved, given, freed while nobody saw it."""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .voucher_kit import VoucherCommon


@tagged("post_install", "-at_install")
class TestVoucherGiving(VoucherCommon):
    def setUp(self):
        super().setUp()
        self._import("AAAA-1111", "BBBB-2222")

    def test_the_code_is_there_at_once(self):
        request = self._ask(self.ticket)
        self.assertEqual(request.state, "fulfilled")
        self.assertEqual(self._figures(), (240, 240, 0, 0))
        voucher = self._vouchers()["AAAA-1111"]
        self.assertEqual((voucher.state, voucher.redemption_id), ("given", request))
        self.assertTrue(voucher.given_at)
        self.assertEqual(self._states()["BBBB-2222"], "free")

    def test_each_code_once_then_none(self):
        one, two = self._ask(self.ticket, "1"), self._ask(self.ticket, "2")
        self.assertEqual(
            [voucher.redemption_id for voucher in self._vouchers().values()], [one, two]
        )
        offer = self.ticket._get_offer(self.member)
        self.assertEqual(offer.sentence, "There is none left at the moment.")
        self.assertRefused("no_vouchers", reward=self.ticket)
        self.assertEqual(self._figures(), (180, 180, 0, 0))

    def test_gone_after_the_look(self):
        handler = type(self.env["b2b2c.reward.handler.voucher"])
        self.patch(handler, "_check", lambda *_args: None)
        self.assertRefused("no_vouchers", reward=self.ticket, quantity=3)
        self.assertEqual({*self._states().values()}, {"free"})

    def test_several_pieces_have_a_code_each(self):
        request = self._ask(self.ticket, quantity=2)
        self.assertEqual(len(request.voucher_ids), 2)
        self.assertEqual(self.pool.free_count, 0)

    def test_somebody_decides(self):
        self.ticket.is_voucher_checked = True
        request = self._ask(self.ticket)
        self.assertEqual(request.state, "requested")
        self.assertEqual(self._states()["AAAA-1111"], "reserved")
        self.assertFalse(request._describe().next_url)
        request.with_user(self.officer).action_fulfil()
        self.assertEqual(self._states()["AAAA-1111"], "given")

    def test_refused_and_cancelled_codes_are_given_again(self):
        self.ticket.is_voucher_checked = True
        refused, cancelled = self._ask(self.ticket, "1"), self._ask(self.ticket, "2")
        refused._refuse(self.officer, "Not this week")
        cancelled._cancel(self.env.user)
        self.assertEqual({*self._states().values()}, {"free"})
        self.assertFalse(refused.voucher_ids)
        self.assertEqual(self._figures(), (300, 300, 0, 0))

    def test_an_unseen_code_can_come_back(self):
        request = self._ask(self.ticket)
        request._return(self.officer, "Bought by mistake")
        self.assertEqual(self._states()["AAAA-1111"], "free")
        self.assertEqual(self._figures(), (300, 300, 0, 0))

    def test_a_seen_code_cannot(self):
        request = self._ask(self.ticket)
        request._show_vouchers(self.env.user)
        error = self._catch(
            UserError, lambda: request._return(self.officer, "Changed her mind")
        )
        self.assertIn("has seen the voucher", str(error))
        self.env.invalidate_all()
        self.assertEqual(request.state, "fulfilled")
        self.assertEqual(self._states()["AAAA-1111"], "shown")
        self.assertEqual(self._figures(), (240, 240, 0, 0))

    def test_what_is_over_first_is_given_first(self):
        content = b"Code,Valid until\nLATE-1111,2099-12-31\nSOON-1111,2099-01-31\n"
        pool = self._create_pool("Dated")
        self._import(content=content, pool=pool)
        self._import("NEVER-1111", pool=pool)
        self.ticket.voucher_pool_id = pool
        order = []
        for number in range(3):
            request = self._ask(self.ticket, f"k{number}")
            order += [code for code, _pin in request.voucher_ids._open_codes()]
        self.assertEqual(order, ["SOON-1111", "LATE-1111", "NEVER-1111"])

    def test_days_to_use_it(self):
        """On the 22nd there are ten days, the last one counted as one to come."""
        pool = self._create_pool("Dated", days_to_use=10)
        content = b"Code,Valid until\nSOON-1111,2099-01-31\n"
        self._import(content=content, pool=pool)
        self.ticket.voucher_pool_id = pool
        for day, can in ((21, True), (22, False)):
            with freeze_time(f"2099-01-{day} 09:00:00"):
                self.env.invalidate_all()
                self.assertEqual(pool._can_give(), can)
                self.assertEqual((pool.free_count, pool.over_count), (can, not can))
        with freeze_time("2099-01-22 09:00:00"):
            self.assertRefused("no_vouchers", reward=self.ticket)

    def test_the_day_of_the_pool_is_that_of_codes_without_one(self):
        content = b"Code,Valid until\nDATED-1111,2099-12-31\nPLAIN-1111,\n"
        pool = self._create_pool("Mixed", valid_until=date(2098, 12, 31))
        self._import(content=content, pool=pool)
        self.ticket.voucher_pool_id = pool
        with freeze_time("2099-01-02 09:00:00"):
            self.assertEqual((pool.free_count, pool.over_count), (1, 1))
            request = self._ask(self.ticket)
            self.assertEqual(request.voucher_ids._open_codes(), [("DATED-1111", "")])
            self.assertRefused("no_vouchers", reward=self.ticket)

    def test_a_paused_pool_gives_nothing(self):
        self.pool.with_user(self.manager).action_pause()
        self.assertRefused("no_vouchers", reward=self.ticket)
        self.pool.with_user(self.manager).action_resume()
        self.assertEqual(self._ask(self.ticket).state, "fulfilled")

    def test_a_request_sent_twice_has_one_code(self):
        self.assertEqual(self._ask(self.ticket), self._ask(self.ticket))
        self.assertEqual(self.pool.free_count, 1)


@tagged("post_install", "-at_install")
class TestSharedVoucher(VoucherCommon):
    """A discount that a partner gives for free: one code for everybody (S1.26)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = cls._create_pool(
            "10 % on everything",
            kind="shared",
            shared_code="FRIENDS10",
            link="https://cinema.example/shop?code={code}",
        )
        cls.discount = cls._create_reward(
            "10 % at the cinema",
            0,
            price_kind="free",
            member_limit=2,
            kind="voucher",
            voucher_pool_id=cls.shared.id,
        )

    def test_it_costs_nothing_but_has_a_limit(self):
        for number in range(2):
            request = self._ask(self.discount, f"k{number}")
            self.assertEqual(request.state, "fulfilled")
            [shown] = request._show_vouchers(self.env.user)
            self.assertEqual(shown.code, "FRIENDS10")
            self.assertEqual(shown.link, "https://cinema.example/shop?code=FRIENDS10")
        self.assertRefused("limit", reward=self.discount)
        self.assertEqual(self._figures(), (300, 300, 0, 0))

    def test_it_may_cost_points(self):
        self.discount.write({"price_kind": "fixed", "points": 20})
        self._ask(self.discount)
        self.assertEqual(self._figures(), (280, 280, 0, 0))

    def test_it_ends(self):
        yesterday = self.shared._get_today() - timedelta(days=1)
        self.shared.valid_until = yesterday
        self.assertRefused("no_vouchers", reward=self.discount)

    def test_it_needs_no_key(self):
        from .voucher_kit import use_key

        request = self._ask(self.discount)
        with use_key():
            self.assertFalse(self.shared.key_problem)
            self.assertEqual(request._show_vouchers(self.env.user)[0].code, "FRIENDS10")

    def test_it_takes_no_codes(self):
        with self.assertRaisesRegex(UserError, "one public code"):
            self._import("AAAA-1111", pool=self.shared)
