"""The storefront: what is found on it, marked, and at which cost."""

from odoo.tests import HttpCase, tagged

from ..pages.shelf import PER_PAGE, Asked
from ..pages.store import Store
from .common import PASSWORD, PortalCommon

STORE = "/my/rewards/store"


class StorefrontCommon(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(100, source_key="store/olena")
        cls.unit.face_value = 0.5
        cls.kitchen, cls.travel = cls.env["b2b2c.reward.category"].create(
            [{"name": "Kitchen"}, {"name": "Travel"}]
        )
        cls.mug = cls._create_reward("Coffee mug", 60, category_id=cls.kitchen.id)
        cls.bag = cls._create_reward("Rucksack", 120, category_id=cls.travel.id)

    @classmethod
    def _create_reward(cls, name, points, **values):
        return cls.env["b2b2c.reward"].create(
            {"name": name, "points": points, "company_id": cls.company.id, **values}
        )


@tagged("post_install", "-at_install")
class TestShelves(StorefrontCommon, HttpCase):
    def test_kinds_of_prices(self):
        self._create_reward("Gift", 0, price_kind="free", member_limit=1)
        self._create_reward("Donation", 10, price_kind="chosen", points_most=50)
        response = self._get(STORE)
        self.assertEqual(response.status_code, 200)
