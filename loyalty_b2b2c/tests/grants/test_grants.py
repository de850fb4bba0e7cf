"""Rewards that a program grants: requested by the system, once, and taken back."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .. import fakes
from ..processing.test_milestones import MilestoneCommon
from ..rewards.fake_voucher import FAKES, FakeVoucherHandler

#: The kind of reward that the fake adds.
KIND = FakeVoucherHandler._name.rpartition(".")[2]


USED = "It was used."


class Used:
    """A handler whose vouchers may have been used somewhere."""

    def _take_back(self, request):
        if any(one.code.startswith("used") for one in self._get_vouchers(request)):
            raise UserError(USED)
        self._get_vouchers(request).write({"redemption_id": False})
        return super()._take_back(request)


class GrantCommon(MilestoneCommon):
    """One point in the unit "certificate" is exchanged for a voucher at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fakes.add_models(cls, *FAKES)
        cls.certificate = cls.env["b2b2c.unit"].create(
            {
                "name": "Certificates",
                "symbol": "certificate",
                "kind": "internal",
                "decimals": 0,
                "company_id": cls.company.id,
            }
        )
        cls.ticket = cls._create_reward("Cinema ticket")
        cls.officer = cls._create_user("granting", "loyalty_b2b2c.group_officer")

    def setUp(self):
        super().setUp()
        extension = fakes.extended(self.env, FakeVoucherHandler._name, Used)
        extension.__enter__()
        self.addCleanup(extension.__exit__, None, None, None)

    @classmethod
    def _create_reward(cls, name, **values):
        return cls.env["b2b2c.reward"].create(
            {
                "name": name,
                "kind": KIND,
                "points": 1,
                "unit_id": cls.certificate.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    def _grant_for(self, milestone, number, reward=None, **values):
        """Start a program that grants a ticket for a milestone."""
        program = self._create_milestone(milestone, number, **values.pop("rule", {}))
        program.action_close()
        program = program.copy(
            {
                "unit_id": self.certificate.id,
                "grant_reward_id": (reward or self.ticket).id,
                **values,
            }
        )
        program.action_start()
        return program

    def _create_codes(self, *codes):
        self.env["b2b2c.fake.voucher"].create(
            [{"reward_id": self.ticket.id, "code": code} for code in codes]
        )

    def _process_all(self):
        """Process the outbox, and give what was granted."""
        result = super()._process_all()
        self._give()
        return result

    def _give(self):
        """Give what waits, as the scheduled action does."""
        grants = self.env["b2b2c.grant"]
        for grant in grants.search([("state", "=", "waiting")], order="id"):
            grant._give()
        self.env.invalidate_all()

    def _grants(self, *states):
        domain = [("state", "in", states)] if states else []
        return self.env["b2b2c.grant"].search(domain, order="id")

    def _figures(self):
        """Return (available, posted, debt) of the participant's certificates."""
        account = self.member._get_account(self.certificate)
        account.invalidate_recordset()
        return (
            account.balance_available,
            account.balance_posted,
            account.balance_debt,
        )

    def _codes(self):
        """Return the codes that somebody has."""
        vouchers = self.env["b2b2c.fake.voucher"].search([])
        return vouchers.filtered("redemption_id").mapped("code")


@tagged("post_install", "-at_install")
class TestGrants(GrantCommon):
    def test_an_officer_tries_now(self):
        """What waits is given by the program, not by who pressed the button."""
        self._grant_for("only", 1)
        self._sell(2)
        grant = self._grants()
        self.assertEqual(grant.state, "waiting")
        reader = self._create_user("reading", "loyalty_b2b2c.group_user")
        with self.assertRaisesRegex(UserError, "Only a loyalty officer"):
            grant.with_user(reader).action_give()
        grant.with_user(self.officer).action_give()
        self.assertEqual(grant.state, "waiting")  # still no code
        self._create_codes("A-1")
        for _click in range(2):
            grant.with_user(self.officer).action_give()
        self.assertEqual((grant.state, self._codes()), ("given", ["A-1"]))
        self.assertNotEqual(grant.redemption_ids.create_uid, self.officer)

    def test_the_first_sale_brings_a_ticket(self):
        self._create_codes("A-1", "A-2")
        self._grant_for("only", 1)
        self._sell(2)
        [grant] = self._grants()
        request = grant.redemption_ids
        self.assertEqual((grant.state, request.state), ("given", "fulfilled"))
        self.assertEqual(request.member_id, self.member)
        self.assertEqual(self._figures(), (0, 0, 0))
        self.assertEqual(request._describe().code, "A-1")
        self.assertIn("For the first sale.", request._describe().lines)

    def test_the_message_says_what_for_and_nothing_of_points(self):
        self._create_codes("A-1")
        self._grant_for("every", 2)
        self._sell(2)
        [message] = self.env["b2b2c.notification"].search([("kind", "=", "fulfilled")])
        self.assertEqual(message.headline, "Your reward is ready: Cinema ticket")
        self.assertEqual(message.sentences, ["For sale number 2."])

    def test_it_is_requested_once(self):
        self._create_codes("A-1", "A-2")
        self._grant_for("only", 1)
        self._sell()
        [grant] = self._grants()
        for _attempt in range(3):
            grant._give()
        self.assertEqual(len(self.env["b2b2c.redemption"].search([])), 1)
        self.assertEqual(self._codes(), ["A-1"])

    def test_pending_points_bring_nothing_yet(self):
        self._create_codes("A-1")
        self._grant_for("only", 1, rule={"hold": "until_paid"})
        order = self._sell()
        self.assertFalse(self._grants())
        self._pay(self._invoice(order))
        self._process_all()
        self.assertEqual(self._grants().state, "given")

    def test_several_pieces_are_several_requests(self):
        self._create_codes("A-1", "A-2", "A-3")
        self._grant_for("only", 1, rule={"value": 3})
        self._sell()
        self.assertEqual(self._grants().mapped("number"), [1, 2, 3])
        self.assertEqual(len(self._grants().redemption_ids), 3)
        self.assertEqual(self._figures(), (0, 0, 0))

    def test_no_code_is_left(self):
        """It waits, the manager hears of it once, and gets it when there is one."""
        manager = self._create_user("managing", "loyalty_b2b2c.group_manager")
        self.company.b2b2c_manager_id = manager
        self._grant_for("every", 1)
        self._sell(2)
        self.assertEqual(self._grants().mapped("state"), ["waiting", "waiting"])
        self.assertEqual(self._grants()[0].problem, "No code is left.")
        self.assertEqual(self._figures(), (2, 2, 0))
        [activity] = self.ticket.activity_ids
        self.assertEqual(activity.user_id, manager)
        self._create_codes("A-1")
        self._give()
        self.assertEqual(self._grants().mapped("state"), ["given", "waiting"])
        self.assertTrue(self.ticket.activity_ids)
        self._create_codes("A-2")
        self._give()
        self.assertEqual(self._grants().mapped("state"), ["given", "given"])
        self.assertFalse(self.ticket.activity_ids)
        self.assertEqual(self._codes(), ["A-1", "A-2"])

    def test_the_participant_was_faster(self):
        """Points that were spent meanwhile cannot be exchanged."""
        self._grant_for("only", 1)
        self._sell()
        self._create_codes("A-1")
        self.env["b2b2c.redemption"]._request(
            self.member, self.ticket, request_key="own"
        )
        self._give()
        self.assertEqual(self._grants().state, "void")
        self.assertEqual(self._codes(), ["A-1"])

    def test_somebody_sent_the_key_of_a_grant(self):
        """It waits, says so, and is given to nobody else."""
        self._create_codes("A-1", "A-2")
        self._grant_for("only", 1)
        self.member._get_account(self.certificate)._earn(1, source_key="gift")
        self._create_order(quantity=1)
        MilestoneCommon._process_all(self)
        [grant] = self._grants()
        forged = self.env["b2b2c.redemption"]._request(
            self.member, self.ticket, request_key=f"grant/{grant.entry_id.id}/1"
        )
        self._give()
        self.assertEqual((grant.state, forged.grant_id.id), ("waiting", False))
        self.assertIn(forged.name, grant.problem)

    def test_suspended_participants_wait(self):
        self._create_codes("A-1")
        self._grant_for("only", 1)
        self._create_order(quantity=1)
        MilestoneCommon._process_all(self)
        self.member.action_suspend()
        self._give()
        self.assertEqual(self._grants().state, "waiting")
        self.assertFalse(self.ticket.activity_ids)
        self.member.action_resume()
        self._give()
        self.assertEqual(self._grants().state, "given")

    def test_what_is_handed_over_waits_for_a_person(self):
        mug = self._create_reward("Mug", kind="manual")
        self._grant_for("only", 1, reward=mug)
        self._sell()
        request = self._grants().redemption_ids
        self.assertEqual((request.state, request.grant_reason), (
            "requested",
            "For the first sale.",
        ))  # fmt: skip
        request.with_user(self.officer).action_fulfil()
        self.assertEqual(self._figures(), (0, 0, 0))

    def test_programs_that_exchange_nothing(self):
        self._create_milestone("only", 1)
        self._sell()
        self.assertFalse(self._grants())
        self.assertEqual(self._get_points(), 1)


@tagged("post_install", "-at_install")
class TestUndone(GrantCommon):
    def test_an_unused_ticket_is_taken_back(self):
        self._create_codes("A-1")
        self._grant_for("only", 1)
        order = self._sell()
        self._cancel(order)
        [grant] = self._grants()
        self.assertEqual((grant.state, grant.redemption_ids.state), (
            "undone",
            "returned",
        ))  # fmt: skip
        self.assertEqual(self._figures(), (0, 0, 0))
        self.assertEqual(self._codes(), [])
        [message] = self.env["b2b2c.notification"].search([("kind", "=", "returned")])
        self.assertEqual(message.sentences, ["The sale it was for was undone."])

    def test_a_used_ticket_is_a_debt(self):
        """The next ticket pays it: one was had for one sale."""
        self._create_codes("used-1", "A-2")
        self._grant_for("every", 1)
        order = self._sell()
        self._cancel(order)
        [grant] = self._grants()
        self.assertEqual((grant.state, grant.problem), ("kept", "It was used."))
        self.assertEqual(self._figures(), (0, 0, 1))
        self._sell()
        self.assertEqual(self._figures(), (0, 1, 1))  # accounts repay when folded
        self.assertEqual(self._grants().mapped("state"), ["kept", "void"])
        self.assertEqual(self._codes(), ["used-1"])

    def test_a_used_ticket_is_written_off(self):
        self._create_codes("used-1", "A-2")
        self._grant_for("every", 1, debt_policy="write_off")
        self._cancel(self._sell())
        self.assertEqual(self._figures(), (0, 0, 0))
        self._sell()
        self.assertEqual(self._codes(), ["used-1", "A-2"])

    def test_an_unused_ticket_is_taken_back_and_nothing_written_off(self):
        self._create_codes("A-1")
        self._grant_for("every", 1, debt_policy="write_off")
        self._cancel(self._sell())
        self.assertEqual(self._figures(), (0, 0, 0))
        self.assertFalse(self.env["b2b2c.ledger.entry"].search([
            ("points_lost", "!=", 0)
        ]))  # fmt: skip

    def test_what_nobody_has_handed_over_is_refused(self):
        mug = self._create_reward("Mug", kind="manual")
        self._grant_for("only", 1, reward=mug)
        self._cancel(self._sell())
        self.assertEqual(self._grants().state, "undone")
        self.assertEqual(self._grants().redemption_ids.state, "refused")
        self.assertEqual(self._figures(), (0, 0, 0))

    def test_a_ticket_nobody_has_yet(self):
        self._grant_for("only", 1)
        self._cancel(self._sell())
        self.assertEqual(self._grants().state, "void")
        self._create_codes("A-1")
        self._give()
        self.assertEqual((self._codes(), self._figures()), ([], (0, 0, 0)))

    def test_a_part_is_taken_back(self):
        """Two for each piece; one of two pieces is returned, one ticket was used."""
        self._create_codes("used-1", "A-2", "A-3", "A-4")
        program = self._create_program(
            {
                "kind": "per_unit",
                "value": 2,
                "document_kind_ids": [
                    Command.set(self._get_document_kinds("sale.order").ids)
                ],
            },
            unit_id=self.certificate.id,
            grant_reward_id=self.ticket.id,
        )
        order = self._create_order(quantity=2)
        self._process_all()
        self.assertEqual(len(self._codes()), 4)
        order.order_line.product_uom_qty = 1
        self._process_all()
        self.assertEqual(self._codes(), ["used-1", "A-2"])
        self._cancel(order)
        self.assertEqual(self._codes(), ["used-1"])
        self.assertEqual(self._figures(), (0, 0, 1))
        self.assertEqual(program.grant_reward_id, self.ticket)

    def test_undone_and_done_again(self):
        self._create_codes("A-1")
        self._grant_for("only", 1)
        order = self._sell()
        self._cancel(order)
        order.action_draft()
        order.action_confirm()
        self._process_all()
        self.assertEqual(self._grants().mapped("state"), ["undone", "given"])
        self.assertEqual(self._codes(), ["A-1"])

    def test_reversed_by_hand(self):
        self._create_codes("A-1")
        self._grant_for("only", 1)
        self._sell()
        entry = self._grants().entry_id
        entry.account_id._reverse(entry, reason="A mistake")
        self.assertEqual(self._grants().state, "undone")
        self.assertEqual(self._figures(), (0, 0, 0))

    def test_what_came_back_by_hand_is_not_taken_back_again(self):
        """The participant returned it: the point is there, and is taken."""
        self._create_codes("A-1")
        self._grant_for("only", 1)
        order = self._sell()
        self._grants().redemption_ids._return(self.officer, "Not wanted")
        self.assertEqual(self._figures(), (1, 1, 0))
        self._cancel(order)
        self.assertEqual(self._figures(), (0, 0, 0))
        self.assertEqual(self._grants().state, "undone")


@tagged("post_install", "-at_install")
class TestGrantScreens(GrantCommon):
    def test_a_reward_in_another_unit_or_with_a_chosen_price(self):
        points = self._create_reward("Mug", unit_id=self.unit.id)
        chosen = self._create_reward("Gift", kind="manual", price_kind="chosen")
        program = self._grant_for("only", 1)
        for reward in (points, chosen):
            with self.subTest(reward.name), self.assertRaises(ValidationError):
                program.grant_reward_id = reward
        with self.assertRaises(ValidationError):
            self.ticket.price_kind = "chosen"

    def test_what_is_only_granted_is_not_in_the_catalogue(self):
        self.ticket.is_grant_only = True
        self.assertEqual(self.ticket._get_offer(self.member).refusal, "not_offered")
        self._grant_for("only", 1)
        self._sell()  # no code is left: the participant has a point
        self.assertEqual(self.ticket._get_offer(self.member).refusal, "no_codes")

    def test_a_program_in_its_form(self):
        with Form(self.env["b2b2c.program"]) as form:
            form.name = "First sale"
            form.unit_id = self.certificate
            form.grant_reward_id = self.ticket
        self.assertEqual(form.save().grant_reward_id, self.ticket)

    def test_a_person_reads_what_was_granted(self):
        self._create_codes("A-1")
        self._grant_for("only", 1)
        self._sell()
        [row] = self.member._get_personal_data()["granted_rewards"]
        self.assertEqual(row["reason"], "For the first sale.")
