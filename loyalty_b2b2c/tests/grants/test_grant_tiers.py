"""What the owners of a dealer get for a tier that its volume reached."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..dealers.test_ladder import LadderCommon


@tagged("post_install", "-at_install")
class TestGrantTiers(LadderCommon):
    """Two thermos flasks for the tier of 5 %, one for that of 10 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flask_unit = cls.env["b2b2c.unit"].create(
            {"name": "Flasks", "symbol": "flask", "kind": "internal", "decimals": 0}
        )
        cls.flask = cls.env["b2b2c.reward"].create(
            {"name": "Thermos flask", "points": 1, "unit_id": cls.flask_unit.id}
        )
        cls.program = cls._create_program(
            {"kind": "fixed", "value": 1, "amount_min": 1e9},
            unit_id=cls.flask_unit.id,
            grant_reward_id=cls.flask.id,
        )
        cls.owner = cls._create_member(role="owner", name="Petro Shevchenko")
        ladder = cls._create_ladder(start=False)
        _none, five, ten = ladder.tier_ids.sorted("volume_from")
        five.write({"grant_program_id": cls.program.id, "grant_points": 2})
        ten.write({"grant_program_id": cls.program.id})
        ladder.action_start()
        cls.ladder = ladder

    def _get_requests(self):
        """Give what was granted; return what the owner gets."""
        grants = self.env["b2b2c.grant"]
        for grant in grants.search([("state", "=", "waiting")], order="id"):
            grant._give()
        return self.env["b2b2c.redemption"].search([("state", "=", "requested")])

    def test_a_tier_that_is_reached(self):
        self._create_dealer(self.ladder)
        self._sell(999)
        self.assertFalse(self._get_requests())
        self._sell(1)
        requests = self._get_requests()
        self.assertEqual(requests.member_id, self.owner)
        self.assertEqual(requests.mapped("grant_reason"), ["Tier 5 % was reached."] * 2)
        self.assertBooksRight()

    def test_once_per_tier(self):
        self._create_dealer(self.ladder)
        order = self._sell(1000)
        self._sell(1)
        order._action_cancel()
        self._process()
        self._sell(1000)
        self.assertEqual(len(self._get_requests()), 2)

    def test_all_tiers_on_the_way(self):
        self._create_dealer(self.ladder)
        self._sell(10000)
        self.assertEqual(len(self._get_requests()), 3)

    def test_taken_back_when_the_sale_is_undone(self):
        """What was not handed over yet is refused, what was is to come back."""
        self._create_dealer(self.ladder)
        order = self._sell(1000)
        requests = self._get_requests()
        requests[0]._fulfil(self.env.user)
        order._action_cancel()
        self._process()
        self.assertFalse(self._get_requests())
        self.assertBooksRight()
        account = self.owner._get_account(self.flask_unit)
        self.assertEqual(
            (account.balance_posted, account.balance_debt),
            (0, 0),
        )
        self.assertEqual(
            sorted(self.env["b2b2c.redemption"].search([]).mapped("state")),
            ["refused", "returned"],
        )

    def test_reached_again_after_it_was_undone(self):
        self._create_dealer(self.ladder)
        order = self._sell(1000)
        self._get_requests()
        order._action_cancel()
        self._process()
        self._sell(2000)
        self.assertEqual(len(self._get_requests()), 2)

    def test_time_takes_nothing_back(self):
        """The volume leaves the window; something small is undone after that."""
        dealer = self._create_dealer(self.ladder)
        self._sell(1000)
        self._get_requests()
        with freeze_time(fields.Datetime.now() + timedelta(days=400)):
            self._sell(10)._action_cancel()
            self._process()
            self.assertEqual(dealer.volume, 0)
        self.assertEqual(len(self._get_requests()), 2)

    def test_who_becomes_a_dealer_has_reached_nothing(self):
        self._sell(1000)
        dealer = self._create_dealer(self.ladder)
        self.assertEqual(dealer.tier_id.discount, 5)
        self.assertFalse(self._get_requests())

    def test_a_program_that_is_closed_grants_nothing(self):
        self.program.action_close()
        self._create_dealer(self.ladder)
        self._sell(1000)
        self.assertFalse(self._get_requests())

    def test_a_program_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        ladder = self._create_ladder(start=False)
        program = self._create_program(company_id=other.id)
        with self.assertRaises(ValidationError):
            ladder.tier_ids[0].grant_program_id = program
