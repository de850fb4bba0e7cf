"""A kind of reward is one file: ``fake_voucher.py`` adds vouchers, and works."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ...exceptions import RedemptionError
from .. import fakes
from .fake_voucher import FAKES
from .test_redemption import RedemptionCommon


class VoucherCommon(RedemptionCommon):
    """A ticket of 60 points with two codes, and 200 points to spend."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fakes.add_models(cls, *FAKES)
        cls.ticket = cls._create_reward("Ticket", 60, kind="fake_voucher")
        cls.vouchers = cls._create_vouchers("CODE-1", "CODE-2")
        cls.account._earn(200, source_key="earn/voucher")

    @classmethod
    def _create_vouchers(cls, *codes, reward=None):
        return cls.env["b2b2c.fake.voucher"].create(
            [{"reward_id": (reward or cls.ticket).id, "code": code} for code in codes]
        )

    def _given(self):
        """Return code -> the request that has it, of all codes."""
        self.env.invalidate_all()
        vouchers = self.env["b2b2c.fake.voucher"].search([])
        return {voucher.code: voucher.redemption_id for voucher in vouchers}


@tagged("post_install", "-at_install")
class TestVouchers(VoucherCommon):
    """Reserve, fulfil, release, describe."""

    def test_the_code_is_given_at_once_and_the_points_are_spent(self):
        request = self._ask(self.ticket)
        self.assertEqual(request.state, "fulfilled")
        self.assertFalse(request.decided_by_id)
        self.assertTrue(request.decided_at)
        self.assertEqual(self._figures(), (140, 140, 0, 0))
        nobody = self.env["b2b2c.redemption"]
        self.assertEqual(self._given(), {"CODE-1": request, "CODE-2": nobody})
        self.assertEqual(
            [(e.entry_type, e.points) for e in self._entries()],
            [("earn", 200), ("hold", 0), ("redeem", -60)],
        )

    def test_it_is_told_once(self):
        for _click in range(2):
            request = self._ask(self.ticket)
        self.assertEqual(self._given()["CODE-1"], request)
        self.assertEqual(self._figures(), (140, 140, 0, 0))
        message = self.env["b2b2c.notification"].search([("kind", "=", "fulfilled")])
        self.assertEqual(message.headline, "Your reward is ready: Ticket")

    def test_several_pieces_have_a_code_each(self):
        request = self._ask(self.ticket, quantity=2)
        self.assertEqual(self._given(), {"CODE-1": request, "CODE-2": request})
        self.assertEqual(self._figures(), (80, 80, 0, 0))

    def test_none_left_is_a_refusal_in_the_words_of_the_kind(self):
        self.assertRefused("no_codes", reward=self.ticket, quantity=3)
        offer = self.ticket._get_offer(self.member, 3)
        self.assertEqual(
            (offer.refusal, offer.sentence), ("no_codes", "No code is left.")
        )

    def test_points_are_missing_only_when_nothing_else_stands_in_the_way(self):
        self.ticket.points = 101
        self.assertEqual(self.ticket._get_offer(self.member, 2).refusal, "points")
        self.vouchers.unlink()
        self.assertEqual(self.ticket._get_offer(self.member, 2).refusal, "no_codes")

    def test_gone_after_the_look(self):
        """The look says yes, the UPDATE says no: nothing stays reserved."""
        handler = type(self.env["b2b2c.reward.handler.fake_voucher"])
        self.patch(handler, "_check", lambda *_args: None)
        self.ticket.write({"is_limited": True, "stock": 5})
        self.assertRefused("no_codes", reward=self.ticket, quantity=3)
        self.env.invalidate_all()
        self.assertEqual(self.ticket.stock_taken, 0)

    def test_a_request_that_is_looked_at_keeps_its_code(self):
        self.ticket.is_looked_at = True
        request = self._ask(self.ticket)
        self.assertEqual(request.state, "requested")
        self.assertEqual(self._figures(), (140, 200, 60, 0))
        self.assertEqual(self._given()["CODE-1"], request)
        request.with_user(self.officer).action_fulfil()
        self.assertEqual(request.decided_by_id, self.officer)
        self.assertEqual(self._figures(), (140, 140, 0, 0))

    def test_refused_and_cancelled_give_the_code_back(self):
        self.ticket.is_looked_at = True
        refused, cancelled = self._ask(self.ticket, "1"), self._ask(self.ticket, "2")
        self.assertRefused("no_codes", reward=self.ticket)
        refused._refuse(self.officer, "Not this week")
        cancelled._cancel(self.env.user)
        self.assertFalse(any(self._given().values()))
        self.assertEqual(self._figures(), (200, 200, 0, 0))
        again = self._ask(self.ticket, "3")
        self.assertEqual(self._given()["CODE-1"], again)

    def test_a_request_is_described_by_its_kind(self):
        self.ticket.is_looked_at = True
        request = self._ask(self.ticket)
        waiting = request._describe()
        self.assertEqual(
            (waiting.title, waiting.code, waiting.next_step),
            ("Ticket", "", "The code comes soon."),
        )
        request.note = "Enjoy it"
        request._fulfil(self.officer)
        given = request._describe()
        self.assertEqual((given.title, given.code), ("Ticket for you", "CODE-1"))
        self.assertEqual(given.lines, ("Valid at every counter.", "Enjoy it"))

    def test_other_kinds_are_as_before(self):
        request = self._ask(self.mug)
        self.assertEqual(request.state, "requested")
        description = request._describe()
        self.assertEqual(description.title, "Coffee mug")
        self.assertEqual(description.next_step, "We tell you as soon as it is ready.")
        request._fulfil(self.officer)
        self.assertEqual(request._describe().next_step, "")

    def test_the_manager_chooses_the_kind(self):
        manager = self._create_user("managing", "loyalty_b2b2c.group_manager")
        with Form(self.env["b2b2c.reward"].with_user(manager)) as form:
            self.assertEqual(form.kind, "manual")
            form.name = "Cinema"
            form.points = 20
            form.kind = "fake_voucher"
        self.assertEqual(form.save().kind, "fake_voucher")

    def test_the_kind_of_a_requested_reward_stays(self):
        self._ask(self.ticket)
        with self.assertRaises(UserError):
            self.ticket.kind = "manual"


@tagged("post_install", "-at_install")
class TestFailingHandler(VoucherCommon):
    """A step whose handler fails did not happen, although the caller goes on."""

    def setUp(self):
        super().setUp()
        self.ticket.write({"is_limited": True, "stock": 5})

    def _look(self, request):
        """Return what a failed step must not change."""
        self.env.invalidate_all()
        return (
            request.state,
            request.entry_id,
            request.decided_at,
            self.ticket.stock_taken,
            self._figures(),
            self._given(),
            len(self._entries()),
            self.env["b2b2c.notification"].search_count([]),
            self.env["mail.message"].search_count(
                [("model", "=", request._name), ("res_id", "=", request.id)]
            ),
        )

    def assertUndone(self, request, error, step):
        """Fail unless a step raises an error and leaves everything as it was."""
        before = self._look(request)
        self._catch(error, step)
        self.assertEqual(self._look(request), before)

    def test_fulfilling(self):
        self.ticket.is_looked_at = True
        self.vouchers[0].code = "broken"
        request = self._ask(self.ticket)
        self.assertUndone(
            request, RedemptionError, lambda: request._fulfil(self.officer)
        )
        self.assertEqual(request.state, "requested")
        self.vouchers[0].code = "mended"
        request._fulfil(self.officer)
        self.assertEqual(self._figures(), (140, 140, 0, 0))

    def test_releasing(self):
        self.ticket.is_looked_at = True
        self.vouchers[0].code = "sticky"
        request = self._ask(self.ticket)
        for step in (
            lambda: request._refuse(self.officer, "No"),
            lambda: request._cancel(self.env.user),
        ):
            self.assertUndone(request, UserError, step)
        self.assertEqual(request.state, "requested")
        self.assertEqual(self._figures(), (140, 200, 60, 0))

    def test_a_request_that_should_fulfil_itself(self):
        self.vouchers[0].code = "broken"
        self.assertRefused("broken", reward=self.ticket)
        self.assertFalse(any(self._given().values()))
        self.assertEqual(self.ticket.stock_taken, 0)

    def test_a_bug(self):
        """Not only what is refused on purpose."""
        handler = type(self.env["b2b2c.reward.handler.fake_voucher"])

        def divide(handler, request):
            return 1 / 0

        self.patch(handler, "_fulfil", divide)
        before = self._figures(), self.env["b2b2c.redemption"].search_count([])
        self._catch(ZeroDivisionError, lambda: self._ask(self.ticket))
        after = self._figures(), self.env["b2b2c.redemption"].search_count([])
        self.assertEqual(after, before)
        self.assertFalse(any(self._given().values()))
