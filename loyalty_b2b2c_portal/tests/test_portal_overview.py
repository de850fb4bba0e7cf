"""What a participant finds first: the balance, one main action, what waits."""

import re

from lxml import html

from odoo.tests import HttpCase, tagged

from ..pages.tiles import Tile, pick_main
from .common import PASSWORD
from .test_portal_join import PortalJoinCommon
from .test_portal_shelves import StorefrontCommon

PAGE = "/my/rewards"


def make_tile(code, weight):
    return Tile(code, code, f"/{code}", "fa-gift", weight=weight)


@tagged("post_install", "-at_install")
class TestPortalOverview(StorefrontCommon, PortalJoinCommon, HttpCase):
    def _page(self, login):
        return html.fromstring(self._get(PAGE, login=login).content)

    def _main(self, login):
        """Return what the large button says, and where it leads."""
        [button] = self._page(login).xpath("//a[contains(@class, 'o_b2b2c_main ')]")
        return " ".join(button.text_content().split()), button.get("href")

    def _tiles(self, login):
        tiles = self._page(login).xpath("//nav[contains(@class, 'o_b2b2c_tiles')]/a")
        return {
            tile.get("href"): " ".join(tile.text_content().split()) for tile in tiles
        }

    # === ORDER === #

    def test_the_balance_stands_above_everything_one_can_do(self):
        text = self._get(PAGE).text
        places = [
            text.index(part)
            for part in (
                "o_b2b2c_available",
                "o_b2b2c_main ",
                "o_b2b2c_code ",
                "o_b2b2c_tiles",
                "o_b2b2c_last_movements",
                "o_b2b2c_preferences_link",
            )
        ]
        self.assertEqual(places, sorted(places))

    def test_one_main_action_by_what_the_person_does(self):
        self.assertEqual(self._main("olena"), ("Spend points", "/my/rewards/store"))
        self.assertEqual(self._main("nina"), ("Scan a code", "/my/rewards/scan"))
        self.assertEqual(
            self._main("ihor"), ("My shop and my people", "/my/rewards/shop")
        )

    def test_the_main_action_is_no_tile_as_well(self):
        self.assertNotIn("/my/rewards/store", self._tiles("olena"))
        self.assertIn("/my/rewards/store", self._tiles("nina"))

    def test_the_heaviest_tile_becomes_the_button(self):
        tiles = [make_tile("a", 10), make_tile("b", 30), make_tile("c", 30)]
        main, others = pick_main(tiles)
        self.assertEqual((main.code, [tile.code for tile in others]), ("b", ["a", "c"]))
        self.assertEqual(pick_main([]), (None, []))
        light = [make_tile("a", 0)]
        self.assertEqual(pick_main(light), (None, light))

    # === WHO WAITS === #

    def test_an_owner_is_told_that_somebody_waits(self):
        def waiting():
            found = self._page("ihor").xpath("//*[contains(@class, 'o_b2b2c_waiting')]")
            return [badge.text_content().strip() for badge in found]

        self.assertEqual(waiting(), [])
        self.invitation.approval = "owner"
        self._join(name="Maria Bondar", email="maria@example.com")
        self._join(name="Petro Koval", email="koval@example.com")
        text, url = self._main("ihor")
        self.assertIn("Want to join: 2", text)
        self.assertEqual(url, "/my/rewards/shop")
        home = self._get("/my", login="ihor").text
        self.assertIn("Want to join: 2", home)
        page = self._get("/my/rewards/shop", login="ihor").text
        self.assertLess(page.index("Want to join"), page.index("My people"))

    def test_the_card_on_the_home_page_has_the_balance(self):
        self.authenticate("olena", PASSWORD)
        card = re.search(r'href="/my/rewards".*?</a>', self.url_open("/my").text, re.S)[
            0
        ]
        self.assertIn("100 pts", card)

    def test_a_request_on_the_way_is_counted(self):
        self.assertNotIn("/my/rewards/requests", self._tiles("olena"))
        request = self.env["b2b2c.redemption"]._request(
            self.member, self.mug, request_key="overview"
        )
        self.assertIn("On the way: 1", self._tiles("olena")["/my/rewards/requests"])
        request._fulfil(self.env.user)
        self.assertEqual(
            self._tiles("olena")["/my/rewards/requests"].strip(), "My requests"
        )
