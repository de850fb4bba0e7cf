"""Pages speak of what people can do, also in a role that an add-on brings."""

from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.tests.fakes import extended
from odoo.addons.loyalty_b2b2c.tests.people.fake_role import FakeRole

from .common import PASSWORD
from .test_portal_join import PortalJoinCommon


@tagged("post_install", "-at_install")
class TestPortalRoles(PortalJoinCommon, HttpCase):
    """Trainers sell in a shop; no page of ours knows the word."""

    def setUp(self):
        super().setUp()
        self.enterContext(extended(self.env, "b2b2c.role", FakeRole))

    def test_an_invitation_says_what_one_gets_points_for(self):
        self.authenticate(None, None)
        for role, words in (
            ("trainer", "points for what you sell"),
            ("owner", "points for what your shop buys and sells"),
            ("recommender", "Join and get points."),
        ):
            with self.subTest(role):
                invitation = self._create_invitation(role=role)
                page = self.url_open(f"/rewards/join/{invitation.token}")
                self.assertIn(words, page.text)

    def test_who_joins_sees_the_role_in_words(self):
        invitation = self._create_invitation(role="trainer")
        member = self._join(email="maria@example.com", invitation=invitation).member_id
        self._create_portal_user("maria", member.partner_id)
        self.authenticate("maria", PASSWORD)
        page = self.url_open("/my/rewards")
        self.assertIn("Shop trainer, Corner Shop", page.text)

    def test_the_owner_sees_trainers_among_the_staff(self):
        invitation = self._create_invitation(role="trainer")
        self._join(email="maria@example.com", invitation=invitation)
        self.authenticate("ihor", PASSWORD)
        page = self.url_open("/my/rewards/shop")
        self.assertIn("Maria Bondar", page.text)
        self.assertIn("Shop trainer", page.text)
