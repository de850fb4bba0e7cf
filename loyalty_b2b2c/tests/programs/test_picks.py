"""Which people of a role can be chosen: those somebody answers for."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..common import LoyaltyCommon
from ..fakes import extended
from .fake_referrals import FakeSource, WithoutPick

RULE, SHARE = "b2b2c.earning.rule", "b2b2c.earning.rule.share"
REFERRER = {"role": "recommender", "pick": "referrer"}


class PickCommon(LoyaltyCommon):
    """Iryna recommends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.recommender = cls._create_member(
            role="recommender", name="Iryna Bondar", email="iryna@example.com"
        )

    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    def _get_offered(self, model):
        return [
            pick for pick, _label in self.env[model].fields_get()["pick"]["selection"]
        ]


@tagged("post_install", "-at_install")
class TestPicks(PickCommon):
    """No package knows who brought whom."""

    def setUp(self):
        super().setUp()
        self.enterContext(extended(self.env, "b2b2c.pick", WithoutPick))

    def test_what_is_offered(self):
        picks = ["contact", "contact_or_first", "each", "split", "seller"]
        self.assertEqual(self._get_offered(RULE), picks)
        picks.remove("each")
        self.assertEqual(self._get_offered(SHARE), picks)

    def test_who_brought_the_customer_cannot_be_chosen(self):
        with self.assertRaises(ValidationError):
            self._create_program(REFERRER)
        share = Command.create({**REFERRER, "percent": 100})
        with self.assertRaises(ValidationError):
            self._create_program({"share_ids": [share]})
        program = self._create_program()
        with self.assertRaises(ValidationError):
            program.rule_ids.pick = "referrer"

    def test_a_stored_rule_of_a_package_that_is_gone_still_opens(self):
        program = self._create_program()
        self.env.cr.execute(
            "UPDATE b2b2c_earning_rule SET role = 'recommender', pick = 'referrer'"
            " WHERE id = %s",
            program.rule_ids.ids,
        )
        self.env.invalidate_all()
        program.rule_ids.name = "Still here"
        with Form(program) as form:
            form.name = "Opened"
        self._create_order()
        self.assertEqual(self._balances(self.recommender), (0, 0, 0))


@tagged("post_install", "-at_install")
class TestPicksOfAPackage(PickCommon):
    """A package knows who brought whom."""

    def setUp(self):
        super().setUp()
        self.enterContext(extended(self.env, "b2b2c.source", FakeSource))

    def test_it_is_offered(self):
        self.assertIn("referrer", self._get_offered(RULE))
        self.assertIn("referrer", self._get_offered(SHARE))

    def test_who_brought_the_customer_earns(self):
        self._create_program(REFERRER)
        self._create_order()
        # 5 % of 1000.00
        self.assertEqual(self._balances(self.recommender), (50, 0, 0))
        self.assertEqual(self._balances(self.member), (0, 0, 0))

    def test_who_brought_the_customer_gets_a_share(self):
        share = Command.create({**REFERRER, "percent": 40})
        self._create_program({"share_ids": [share]})
        self._create_order()
        # 40 % of 50
        self.assertEqual(self._balances(self.recommender), (20, 0, 0))
