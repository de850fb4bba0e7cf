"""Every page in every role: everybody can use it, and it speaks his language."""

from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.tests.dealers.test_ladder import LadderCommon

from .crawl import get_english, make_crawl
from .test_portal_activities import ActivityPortalCommon
from .test_portal_join import PortalJoinCommon
from .test_portal_receipts import photo
from .test_portal_shelves import StorefrontCommon

_OF_EVERYBODY = (
    "/my/rewards",
    "/my/rewards/earn",
    "/my/rewards/data",
    "/my/rewards/preferences",
    "/my/rewards/pin",
    "/my/rewards/card",
    "/my/rewards/tickets",
    "/my/rewards/store",
    "/my/rewards/requests",
    "/my/rewards/receipts",
    "/my/rewards/scan",
    "/my/rewards/places",
    "/my/rewards/recommend",
    "/my/rewards/tasks",
    "/my/rewards/trainings",
    "/my/rewards/presentations",
    "/my/rewards/attend",
)
_OF_OWNERS = ("/my/rewards/shop", "/my/rewards/goods")


class EveryPageCommon(
    ActivityPortalCommon, StorefrontCommon, PortalJoinCommon, LadderCommon
):
    """Olena buys, Nina sells, Ihor owns the shop, the client is a dealer as well."""

    def setUp(self):
        super().setUp()
        self._create_program({"hold": "until_paid"}, {"value": 2})
        self._create_order()
        self._process()
        self._create_dealer(self._create_ladder())
        self.request = self.env["b2b2c.redemption"]._request(
            self.member, self.mug, request_key="every-page"
        )
        self.env["b2b2c.receipt"]._upload(self.member, [photo()], "every-page")
        self.buyer = self._create_portal_user(
            "dealer",
            self.env["res.partner"].create(
                {"name": "Taras Dealer", "parent_id": self.client.id}
            ),
        )
        self.people = {
            "olena": (
                *_OF_EVERYBODY,
                f"/my/rewards/{self.account.id}",
                f"/my/rewards/store/{self.bag.id}",
                f"/my/rewards/store/{self.mug.id}",
                f"/my/rewards/store/{self.mug.id}/confirm",
                self.url,
            ),
            "ihor": ("/my/rewards", "/my/rewards/earn", *_OF_OWNERS),
            "nina": ("/my/rewards", "/my/rewards/scan", "/my/rewards/earn"),
            "dealer": ("/my/rewards", "/my/rewards/dealer"),
            None: (
                self.path,
                f"{self.path}/poster",
                "/rewards/join/nothing",
                "/rewards/r/nobody",
            ),
        }


@tagged("post_install", "-at_install")
class TestEveryPage(EveryPageCommon, HttpCase):
    browser_size = "400x900"
    touch_enabled = True

    def _crawl(self, login, pages, english=((), ())):
        """Open pages as a person (``None``: a stranger), on a phone."""
        script = make_crawl(self.env, pages, english)
        if not script:
            self.skipTest("axe-core comes with the project's tools")
        seconds = 30 + 8 * len(pages)
        self.browser_js("/web/login", script, login=login, timeout=seconds)

    def test_everybody_can_use_every_page(self):
        for login, pages in self.people.items():
            with self.subTest(login):
                self._crawl(login, pages)

    def test_no_text_of_ours_is_in_english_for_who_reads_ukrainian(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.env["ir.module.module"]._load_module_terms(
            ["portal", "loyalty_b2b2c", "loyalty_b2b2c_portal"], ["uk_UA"]
        )
        self.env["res.users"].search([("share", "=", True)]).partner_id.lang = "uk_UA"
        english = get_english("uk", except_for=("Corner Shop",))
        for login, pages in self.people.items():
            if login:
                with self.subTest(login):
                    self._crawl(login, pages, english)
