"""The storefront: what is found on it, marked, and at which cost."""

import base64
import html
import re

from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import Form, HttpCase, tagged

from ..pages.shelf import PER_PAGE, Asked, read_asked
from ..pages.store import Store
from .common import PASSWORD, PortalCommon
from .test_portal_receipts import photo

STORE = "/my/rewards/store"


class StorefrontCommon(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(100, source_key="store/olena")
        cls.kitchen, cls.travel = cls.env["b2b2c.reward.category"].create(
            [{"name": "Kitchen"}, {"name": "Travel"}]
        )
        cls.mug = cls._create_reward("Coffee mug", 60, category_id=cls.kitchen.id)
        cls.bag = cls._create_reward("Rucksack", 120, category_id=cls.travel.id)

    @classmethod
    def _create_reward(cls, name, points, **values):
        return cls.env["b2b2c.reward"].create(
            {
                "name": name,
                "points": points,
                "new_until": False,
                "company_id": cls.company.id,
                **values,
            }
        )

    def _post(self, url, login="olena", **data):
        self.authenticate(login, PASSWORD if login else None)
        data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=data)

    def _cards(self, query="", login="olena"):
        """Return the words of each card of a page of the catalogue."""
        page = self._get(f"{STORE}{query}", login=login)
        self.assertEqual(page.status_code, 200)
        cards = re.findall(r"<article.*?</article>", page.text, re.S)
        return [" ".join(self._words(card).split()) for card in cards]

    def _words(self, text):
        return html.unescape(re.sub(r"<[^>]+>", " ", text))


@tagged("post_install", "-at_install")
class TestShelves(StorefrontCommon, HttpCase):
    # === WHAT A CARD SAYS === #

    def test_price_with_its_worth_and_what_is_missing(self):
        self.assertEqual(
            self._cards(),
            [
                "Coffee mug 60 pts Favourite: Coffee mug",
                "Rucksack 120 pts You need 20 pts more Favourite: Rucksack",
            ],
        )
        self.unit.with_company(self.company).face_value = 0.5
        text = self._words(self._get(STORE).text).replace("\xa0", " ")
        self.assertRegex(text, r"60 pts\s+≈\s+\$ 30.00")
        # the balance stands above, with its own
        self.assertRegex(text, r"You have\s+100 pts\s+≈\s+\$ 50.00")

    def test_prices_that_are_not_fixed(self):
        self._create_reward("Gift", 0, price_kind="free", member_limit=1)
        self._create_reward("Donation", 10, price_kind="chosen", points_most=50)
        cards = " | ".join(self._cards())
        self.assertIn("Gift Free Favourite", cards)
        self.assertIn("Donation from 10 pts Favourite", cards)

    def test_badges(self):
        self.mug.write({"is_limited": True, "stock": 5, "new_until": "2999-01-01"})
        self.bag.write({"is_limited": True, "stock": 0, "new_until": "2999-01-01"})
        mug, bag = self._cards()
        self.assertIn("New Only 5 left Coffee mug", mug)
        self.assertIn("Sold out Rucksack 120 pts There is none left", bag)
        self.mug.write({"stock": 6, "new_until": "2000-01-01"})
        self.assertTrue(self._cards()[0].startswith("Coffee mug 60 pts"))

    def test_the_page_of_a_reward_says_what_there_is_to_know(self):
        self.mug.write(
            {
                "is_limited": True,
                "stock": 7,
                "member_limit": 2,
                "limit_period": "month",
                "date_to": "2999-06-15 12:00:00",
            }
        )
        words = " ".join(self._words(self._get(f"{STORE}/{self.mug.id}").text).split())
        for fact in (
            "How you get it We hand it over",
            "In stock 7 left",
            "For each person 2 per month",
            "Offered until Jun 15, 2999",
        ):
            self.assertIn(fact, words)

    def test_a_category_has_its_picture(self):
        self.kitchen.image_1920 = base64.b64encode(photo("red"))
        text = self._get(STORE).text
        [url] = re.findall(
            r'<img[^>]*class="o_b2b2c_chip_picture"[^>]*src="([^"]+)', text
        )
        self.assertIn(f"/category/{self.kitchen.id}/image", url)
        response = self._get(html.unescape(url))
        self.assertIn("image/", response.headers["Content-Type"])
        # a shelf without anything for the person does not exist
        self.travel.image_1920 = self.kitchen.image_1920
        self.bag.active = False
        for category in (self.travel.id, 999999):
            url = f"{STORE}/category/{category}/image"
            self.assertEqual(self._get(url).status_code, 404)

    def test_pictures_come_in_sizes(self):
        self.assertNotIn("srcset", self._get(STORE).text)
        self.mug.image_1920 = base64.b64encode(photo("red"))
        text = self._get(STORE).text
        self.assertEqual(text.count("srcset"), 1)
        for width in ("256", "512", "1024", "7", "x", "9" * 30):
            url = f"{STORE}/{self.mug.id}/image?w={width}"
            response = self._get(url)
            self.assertEqual(response.status_code, 200, width)
            self.assertIn("image/", response.headers["Content-Type"])

    # === FINDING === #

    def test_found_by_words_and_shelf(self):
        for query, names in (
            ("?q=mug", ["Coffee mug"]),
            ("?q=MUG+coffee", ["Coffee mug"]),
            ("?q=travel", ["Rucksack"]),
            (f"?category={self.travel.id}", ["Rucksack"]),
            (f"?category={self.travel.id}&q=mug", []),
            ("?now=1", ["Coffee mug"]),
            ("?favourites=1", []),
            ("?sort=price", ["Coffee mug", "Rucksack"]),
            ("?sort=new", ["Rucksack", "Coffee mug"]),
        ):
            with self.subTest(query=query):
                found = [card.split(" Favourite: ")[1] for card in self._cards(query)]
                self.assertEqual(found, names)

    def test_nothing_found_leads_back_to_everything(self):
        text = self._get(f"{STORE}?q=zebra").text
        self.assertIn("Nothing here fits.", text)
        self.assertRegex(text, rf'href="{STORE}"[^>]*>\s*Show everything')

    def test_what_was_typed_stays_and_is_text(self):
        evil = '"><script>alert(1)</script>'
        text = self._get(STORE, params={"q": evil}).text
        self.assertNotIn("<script>alert(1)", text)
        self.assertIn("alert(1)", text)

    def test_garbage_is_no_address(self):
        for query in (
            "?page=0", "?page=-1", "?page=x", "?page=99999999999999999999", "?page=999",
            "?category=x", "?category=99999999999999999999", "?sort='; DROP TABLE",
            "?now=maybe", "?favourites=x", f"?q={'x' * 5000}", "?q=%25%5F%5C",
        ):  # fmt: skip
            with self.subTest(query=query[:40]):
                self.assertEqual(self._get(f"{STORE}{query}").status_code, 200)

    def test_asked_and_its_address_are_the_same(self):
        asked = Asked("mug", category=7, is_now=True, order="price", page=3)
        query = {name: str(value) for name, value in asked.to_query().items()}
        self.assertEqual(read_asked(query, int), asked)
        # another shelf begins with its first page
        self.assertEqual(asked.but(category=8).page, 1)

    def test_pages(self):
        for number in range(30):
            self._create_reward(f"Pen {number}", 1, sequence=1)
        first, second = self._cards(), self._cards("?page=2")
        self.assertEqual((len(first), len(second)), (PER_PAGE, 32 - PER_PAGE))
        self.assertFalse(set(first) & set(second))
        text = self._get(f"{STORE}?q=pen").text
        self.assertIn(f'href="{STORE}?q=pen&amp;page=2"', text)
        self.assertNotIn("Show more", self._get(f"{STORE}?page=2").text)

    # === FAVOURITES === #

    def _mark(self, reward=None, query="", **data):
        url = f"{STORE}/{(reward or self.mug).id}/favourite{query}"
        return self._post(url, **{"wanted": "1", **data})

    def _favourites(self, partner=None):
        return self.env["b2b2c.reward.favourite"]._get_of(
            partner or self.member.partner_id
        )

    def test_marked_and_found_again(self):
        for _click in range(2):  # a double click marks once
            response = self._mark(query="?q=mug&page=1")
            self.assertEqual(response.status_code, 200)
        self.assertIn(f"{STORE}?q=mug", response.url)
        self.assertEqual(self._favourites(), {self.mug.id})
        self.assertEqual(len(self._cards("?favourites=1")), 1)
        self._mark(wanted="0")
        self.assertFalse(self._favourites())

    def test_from_the_page_of_the_reward_back_to_it(self):
        text = self._get(f"{STORE}/{self.mug.id}").text
        action = html.unescape(re.search(r'action="([^"]*/favourite[^"]*)"', text)[1])
        response = self._post(action, wanted="1")
        self.assertTrue(response.url.endswith(f"{STORE}/{self.mug.id}"), response.url)
        self.assertIn('aria-pressed="true"', response.text)

    def test_nobody_is_led_away(self):
        for query in ("?back=//evil.example", "?back=https://evil.example&q=//evil"):
            response = self._mark(query=query)
            self.assertTrue(response.url.startswith(self.base_url()), response.url)

    def test_favourites_of_others_and_of_what_is_not_offered(self):
        self._mark()
        self.assertFalse(self._favourites(self.other_member.partner_id))
        self.assertEqual(self._cards("?favourites=1", login="petro"), [])
        hidden = self._create_reward("Gone", 1, active=False)
        for reward_id in (hidden.id, 2**31 - 1):
            url = f"{STORE}/{reward_id}/favourite"
            self.assertEqual(self._post(url, wanted="1").status_code, 404)
        self._create_portal_user("guest")
        url = f"{STORE}/{self.mug.id}/favourite"
        self.assertEqual(self._post(url, login="guest").status_code, 404)
        self.assertIn("/web/login", self._post(url, login=None).url)
        # an address alone marks nothing, and neither does a form without its token
        self.assertEqual(self._get(url).status_code, 405)
        self.assertEqual(self.url_open(url, data={"wanted": "0"}).status_code, 400)
        self.assertEqual(self._favourites(), {self.mug.id})

    # === STALE PAGES === #

    def _request(self, reward, **data):
        url = f"{STORE}/{reward.id}/request"
        return self._post(url, **{"key": "k-1", "price": "60", **data})

    def _count_requests(self):
        return self.env["b2b2c.redemption"].search_count([])

    def test_sold_out_while_the_page_was_open(self):
        self.mug.write({"is_limited": True, "stock": 1})
        self._get(f"{STORE}/{self.mug.id}/confirm?quantity=1")
        self.mug.stock = 0
        response = self._request(self.mug)
        self.assertEqual(response.status_code, 400)
        self.assertIn("There is none left at the moment.", response.text)
        self.assertEqual(self._count_requests(), 0)

    def test_two_tabs_one_balance(self):
        """Each tab has a key of its own; the points are there once."""
        keys = [
            re.search(
                r'name="key" value="([^"]+)"',
                self._get(f"{STORE}/{self.mug.id}/confirm?quantity=1").text,
            )[1]
            for _tab in range(2)
        ]
        self.assertEqual(len(set(keys)), 2)
        first, second = (self._request(self.mug, key=key) for key in keys)
        self.assertEqual((first.status_code, second.status_code), (200, 400))
        self.assertIn("20 pts more are needed.", second.text)
        self.assertEqual(self._count_requests(), 1)

    # === COST === #

    def _count_queries(self, asked):
        members = self.env["b2b2c.member"]._get_portal_members(self.user.partner_id)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        rows = Store(members).catalogue(asked)["rows"]
        return len(rows), self.env.cr.sql_log_count - before

    def test_a_page_costs_the_same_however_many_rewards_there_are(self):
        picture = base64.b64encode(photo("red"))
        values = {
            "is_limited": True,
            "stock": 9,
            "member_limit": 2,
            "limit_period": "month",
            "category_id": self.kitchen.id,
            "image_1920": picture,
        }
        (self.mug | self.bag).write(values)
        for asked in (Asked(), Asked(is_now=True), Asked("thing", order="price")):
            self._create_reward("Thing", 1, **values)
            self._count_queries(asked)  # what is cached for ever
            few = self._count_queries(asked)
            for number in range(60):
                self._create_reward(f"Thing {number}", 1, **values)
            many = self._count_queries(asked)
            with self.subTest(asked=asked):
                self.assertLess(few[0], PER_PAGE)
                self.assertEqual(many[0], PER_PAGE)
                self.assertEqual(few[1], many[1])
                self.assertLess(many[1], 40)
            self.env["b2b2c.reward"].search([("name", "like", "Thing")]).active = False


@tagged("post_install", "-at_install")
class TestStorePreview(StorefrontCommon, HttpCase):
    """Somebody of the office sees the storefront as a participant, and only sees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        roles = cls.env["b2b2c.reward.role"]._get_rows("owner")
        cls.owners_mug = cls._create_reward("Owner mug", 10, role_ids=roles.ids)
        cls.other_account._earn(40, source_key="store/petro")
        for group in ("manager", "officer", "user"):
            cls._create_portal_user(group, group=f"loyalty_b2b2c.group_{group}")
        cls.office = cls.env["res.users"].search([("login", "=", "manager")])

    def _see(self, member=None, page="", login="manager"):
        member = member or self.other_member
        return self._get(f"/my/rewards/preview/{member.id}{page}", login=login)

    def test_as_each_participant(self):
        for login in ("manager", "officer"):
            text = self._words(self._see(login=login).text)
            self.assertIn("Owner mug", text)
            self.assertIn("Petro Other", text)
            self.assertRegex(text, r"You have\s+40 pts")
            text = self._words(self._see(self.member, login=login).text)
            self.assertNotIn("Owner mug", text)
            self.assertRegex(text, r"You have\s+100 pts")

    def test_nothing_can_be_done_there(self):
        self.owners_mug.image_1920 = base64.b64encode(photo("red"))
        for page in ("", f"/{self.owners_mug.id}"):
            text = self._see(page=page).text
            self.assertIn("Nothing can be requested here.", text)
            forms = re.findall(r'<form[^>]*method="post"', text)
            self.assertFalse(forms)
            self.assertNotIn("/confirm", text)
            # every link stays in the preview, and its pictures are the office's own
            self.assertNotRegex(text, r'(href|src|action)="/my/rewards/store')
            self.assertIn("/web/image/b2b2c.reward/", text)

    def test_search_and_shelves_stay_there(self):
        text = self._see(page="?q=owner").text
        self.assertEqual(text.count("<article"), 1)
        self.assertIn(f'action="/my/rewards/preview/{self.other_member.id}"', text)

    def test_who_may_not(self):
        for login in ("user", "olena", "petro"):
            for page in ("", f"/{self.owners_mug.id}"):
                response = self._see(page=page, login=login)
                self.assertEqual(response.status_code, 404, login)
        self.assertIn("/web/login", self._see(login=None).url)

    def test_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        elsewhere = self._create_member(
            partner_id=self.other_member.partner_id.id,
            role="owner",
            company_id=other.id,
        )
        foreign = self._create_reward("Foreign", 1, company_id=other.id)
        self.assertEqual(self._see(elsewhere).status_code, 404)
        self.assertNotIn("Foreign", self._see().text)
        self.assertEqual(self._see(page=f"/{foreign.id}").status_code, 404)
        for member_id in (2**31 - 1, 0):
            url = f"/my/rewards/preview/{member_id}"
            self.assertEqual(self._get(url, login="manager").status_code, 404)

    def test_a_role_that_nobody_has(self):
        """What somebody new would see, with no points and no limits used."""
        self.assertFalse(
            self.env["b2b2c.member"].search([("role", "=", "recommender")])
        )
        roles = self.env["b2b2c.reward.role"]._get_rows("recommender")
        prize = self._create_reward("Prize", 70, role_ids=roles.ids)
        dialog = self.env["b2b2c.store.preview"].with_user(self.office)
        url = dialog.create({"role": "recommender"}).action_open_store()["url"]
        self.assertEqual(url, "/my/rewards/preview/role/recommender")
        text = self._get(url, login="manager").text
        words = self._words(text)
        for said in ("Prize", "Coffee mug", "Somebody new", "You need 70 pts more"):
            self.assertIn(said, words)
        self.assertNotIn("Owner mug", words)
        self.assertNotRegex(text, r'(href|src|action)="/my/rewards/store')
        text = self._get(f"{url}/{prize.id}", login="manager").text
        self.assertIn("70 pts more are needed", self._words(text))
        for query in ("?now=1", "?q=prize", "?favourites=1"):
            self.assertEqual(self._get(url + query, login="manager").status_code, 200)
        self.assertEqual(self._get(f"{url}x", login="manager").status_code, 404)
        for login in ("user", "olena"):
            self.assertEqual(self._get(url, login=login).status_code, 404)

    def test_an_example_of_a_role(self):
        dialog = self.env["b2b2c.store.preview"].with_user(self.office)
        latest = self._create_member(
            name="Ihor Latest", email="ihor@example.com", role="owner"
        )
        with Form(dialog) as form:
            form.role = "owner"
            self.assertEqual(form.member_id, latest)
            # who was chosen by hand stays
            form.member_id = self.other_member
            form.role = "owner"
            self.assertEqual(form.member_id, self.other_member)
        for values, member in (
            ({"role": "owner"}, latest),
            ({"role": "owner", "member_id": self.other_member.id}, self.other_member),
            ({"member_id": self.member.id}, self.member),
        ):
            url = dialog.create(values).action_open_store()["url"]
            self.assertEqual(url, f"/my/rewards/preview/{member.id}")
        with self.assertRaisesRegex(UserError, "role or a participant"):
            dialog.create({}).action_open_store()
