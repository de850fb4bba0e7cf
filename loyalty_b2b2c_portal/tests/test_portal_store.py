"""Spending points on the phone: what is seen, requested, cancelled, and by whom."""

import base64
import re

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.tests import fakes
from odoo.addons.loyalty_b2b2c.tests.rewards.fake_voucher import FAKES

from .common import PASSWORD, PortalCommon
from .test_portal_receipts import photo

STORE = "/my/rewards/store"
REQUESTS = "/my/rewards/requests"


@tagged("post_install", "-at_install")
class TestPortalStore(PortalCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account._earn(100, source_key="store/olena")
        cls.other_account._earn(100, source_key="store/petro")
        cls.mug = cls._create_reward("Coffee mug", 60)
        owners = cls.env["b2b2c.reward.role"]._get_rows("owner")
        cls.owners_mug = cls._create_reward("Owner mug", 10, role_ids=owners.ids)
        cls.bag = cls._create_reward("Rucksack", 120)

    @classmethod
    def _create_reward(cls, name, points, **values):
        return cls.env["b2b2c.reward"].create(
            {"name": name, "points": points, "company_id": cls.company.id, **values}
        )

    def _post(self, url, login="olena", token=True, **data):
        self.authenticate(login, PASSWORD if login else None)
        if token:
            data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=data)

    def _send(self, reward=None, **data):
        url = f"{STORE}/{(reward or self.mug).id}/request"
        return self._post(url, **{"key": "k-1", "price": "60", **data})

    def _cancel(self, redemption, **options):
        return self._post(f"{REQUESTS}/{redemption.id}/cancel", **options)

    def _requests(self, member=None):
        return self.env["b2b2c.redemption"].search(
            [("member_id", "=", (member or self.member).id)]
        )

    # === THE WAY OF A REQUEST === #

    def test_where_it_is_handed_over_is_asked_and_shown(self):
        page = f"{STORE}/{self.mug.id}/confirm"
        self.assertIn("Where should we hand it over?", self._get(page).text)
        self._send(answer_wish="  In the   shop,\non Monday " + "!" * 300)
        request = self._requests()
        self.assertEqual(request.handover_wish[:24], "In the shop, on Monday !")
        self.assertEqual(len(request.handover_wish), 200)
        self.assertIn("Your wish: In the shop, on Monday", self._get(REQUESTS).text)
        self.mug.pickup_place = "Warehouse, ramp 2"
        self.assertNotIn("Where should we hand it over?", self._get(page).text)
        page = self._get(f"{STORE}/{self.mug.id}").text
        self.assertIn("You collect it at: Warehouse, ramp 2", page)
        self.member._erase("asked for it")
        self.assertFalse(request.handover_wish)

    def test_catalogue_says_what_is_missing(self):
        text = self._get(STORE).text
        self.assertIn("Coffee mug", text)
        self.assertIn("20 pts more", text)  # 100 of 120
        self.assertIn("width: 83%", text)
        self.assertNotIn("Owner mug", text)
        self.assertIn("Owner mug", self._get(STORE, login="petro").text)

    def test_the_overview_leads_there_when_something_is_offered(self):
        self.assertIn(f'href="{STORE}"', self._get("/my/rewards").text)
        (self.mug | self.bag).active = False
        self.assertNotIn(f'href="{STORE}"', self._get("/my/rewards").text)

    def test_from_the_catalogue_to_the_reservation(self):
        text = self._get(f"{STORE}/{self.mug.id}").text
        self.assertIn("60 pts", text)
        text = self._get(f"{STORE}/{self.mug.id}/confirm?quantity=1").text
        self.assertIn("Request for 60 pts", re.sub(r"\s+", " ", text))
        self.assertIn("40 pts", text)
        form = dict(
            re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
        )
        form.pop("csrf_token", None)
        response = self._post(f"{STORE}/{self.mug.id}/request", **form)
        self.assertEqual(response.status_code, 200)
        self.assertIn(f"{REQUESTS}?sent=", response.url)
        self.assertIn(
            "60 pts are reserved", re.sub(r"</?t?\w*>|\s+", " ", response.text)
        )
        self.assertEqual(self._requests().state, "requested")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.balance_available, 40)

    def test_sending_again_is_the_same_request(self):
        for _attempt in range(3):
            self.assertEqual(self._send().status_code, 200)
        self.assertEqual(len(self._requests()), 1)

    def test_nothing_is_reserved_by_opening_pages(self):
        for url in (
            STORE,
            f"{STORE}/{self.mug.id}",
            f"{STORE}/{self.mug.id}/confirm?quantity=1&price=60&key=k-1",
        ):
            self.assertEqual(self._get(url).status_code, 200)
        # the forms' addresses cannot be opened
        self.assertEqual(self._get(f"{STORE}/{self.mug.id}/request").status_code, 405)
        self.assertFalse(self._requests())

    def test_refusals_are_sentences(self):
        for data, sentence in (
            ({"reward": self.bag, "price": "120"}, "20 pts more are needed."),
            ({"price": "59"}, "The price has changed"),
            ({"quantity": "0"}, "Choose how many"),
            ({"quantity": "x"}, "Choose how many"),
            ({"quantity": "2147483647"}, "Choose how many"),
            ({"price": "'; DROP TABLE"}, "The price has changed"),
            ({"price": "NaN"}, "The price has changed"),
        ):
            with self.subTest(sentence=sentence):
                response = self._send(**data)
                self.assertEqual(response.status_code, 400)
                self.assertIn(sentence, response.text.replace("&#39;", "'"))
        self.assertFalse(self._requests())

    def test_cancelling_gives_the_points_back(self):
        self._send()
        redemption = self._requests()
        for _click in range(2):
            response = self._cancel(redemption)
            self.assertEqual(response.status_code, 200)
        self.assertIn("yours to use again", response.text)
        redemption.invalidate_recordset()
        self.assertEqual(redemption.state, "cancelled")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.balance_available, 100)

    def test_what_was_decided_is_not_cancelled(self):
        self._send()
        redemption = self._requests()
        redemption._fulfil(self.env.user)
        self.env.flush_all()
        response = self._cancel(redemption)
        self.assertEqual(response.status_code, 400)
        self.assertIn("was decided already", response.text)
        self.assertEqual(redemption.state, "fulfilled")

    def test_history_and_statement_name_the_reward(self):
        self._send()
        redemption = self._requests()
        redemption.note = "At the reception"
        self.assertNotIn("At the reception", self._get(REQUESTS).text)
        redemption._fulfil(self.env.user)
        text = self._get(REQUESTS).text
        self.assertIn(redemption.name, text)
        self.assertIn("Fulfilled", text)
        self.assertIn("At the reception", text)
        statement = self._get(f"/my/rewards/{self.account.id}").text
        self.assertIn(f"Coffee mug ({redemption.name})", statement)
        self.assertIn("Spent", statement)

    def test_paused_participant_looks_but_requests_nothing(self):
        self.member.action_suspend()
        self.assertIn("paused", self._get(f"{STORE}/{self.mug.id}").text)
        self.assertEqual(self._get(STORE).text.count("paused"), 1)
        self.assertEqual(self._send().status_code, 400)
        self.assertFalse(self._requests())

    def test_picture(self):
        self.assertNotIn("/image", self._get(STORE).text)
        self.mug.image_1920 = base64.b64encode(photo("red"))
        self.assertIn(f"{STORE}/{self.mug.id}/image", self._get(STORE).text)
        response = self._get(f"{STORE}/{self.mug.id}/image")
        self.assertEqual(response.status_code, 200)
        self.assertIn("image/", response.headers["Content-Type"])

    def test_names_are_text(self):
        evil = "<img src=x onerror=alert(1)>"
        self.mug.write({"name": evil, "description": f"<p>Nice{evil}</p>"})
        self._send()
        self._requests().sudo().write({"note": evil})
        self._requests()._fulfil(self.env.user)
        for url in (STORE, f"{STORE}/{self.mug.id}", REQUESTS):
            self.assertNotIn(
                "onerror=alert(1)>",
                self._get(url).text.replace("onerror=alert(1)&gt;", ""),
                url,
            )

    # === WHICH MEMBERSHIP === #

    def _second_role(self):
        second = self._create_member(partner_id=self.member.partner_id.id, role="owner")
        second._get_account(self.unit)._earn(15, source_key="store/second")
        return second

    def test_a_person_with_two_roles_pays_from_the_right_one(self):
        second = self._second_role()
        self._send(self.owners_mug, price="10")
        self.assertEqual(len(self._requests(second)), 1)
        self.assertFalse(self._requests())

    def test_the_person_chooses_the_membership(self):
        second = self._second_role()
        cup = self._create_reward("Cup", 5)
        self._send(cup, price="5", member=str(second.id))
        self.assertEqual(len(self._requests(second)), 1)

    def test_another_persons_membership_is_no_choice(self):
        self._send(member=str(self.other_member.id))
        self.assertFalse(self._requests(self.other_member))
        self.assertEqual(len(self._requests()), 1)

    # === WHO MAY NOT === #

    def test_public_is_sent_to_the_login(self):
        redemption = self._some_request()
        for url in (
            STORE,
            f"{STORE}/{self.mug.id}",
            f"{STORE}/{self.mug.id}/confirm",
            f"{STORE}/{self.mug.id}/image",
            REQUESTS,
        ):
            response = self._get(url, login=None, allow_redirects=False)
            self.assertEqual(response.status_code, 303, url)
            self.assertIn("/web/login", response.headers["Location"])
        for url in (
            f"{STORE}/{self.mug.id}/request",
            f"{REQUESTS}/{redemption.id}/cancel",
        ):
            self.assertIn("/web/login", self._post(url, login=None).url)
        self.assertEqual(redemption.state, "requested")

    def _some_request(self):
        self._send()
        return self._requests()

    def test_forms_need_their_token(self):
        redemption = self._some_request()
        self.assertEqual(self._send(token=False, key="k-2").status_code, 400)
        self.assertEqual(self._cancel(redemption, token=False, x="1").status_code, 400)
        redemption.invalidate_recordset()
        self.assertEqual((len(self._requests()), redemption.state), (1, "requested"))

    def test_who_does_not_take_part_finds_nothing(self):
        self._create_portal_user("guest")
        redemption = self._some_request()
        for url in (STORE, f"{STORE}/{self.mug.id}", REQUESTS):
            self.assertEqual(self._get(url, login="guest").status_code, 404, url)
        self.assertEqual(self._send(login="guest").status_code, 404)
        self.assertEqual(self._cancel(redemption, login="guest").status_code, 404)

    def test_rewards_of_others_do_not_exist(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self._create_reward("Foreign", 1, company_id=other.id)
        past = self._create_reward("Past", 1, date_to="2020-01-01")
        gone = self._create_reward("Gone", 1, active=False)
        for reward in (foreign, past, gone, self.owners_mug):
            with self.subTest(reward=reward.name):
                for page in ("", "/confirm", "/image"):
                    url = f"{STORE}/{reward.id}{page}"
                    self.assertEqual(self._get(url).status_code, 404, url)
                self.assertEqual(self._send(reward, price="1").status_code, 404)
        self.assertEqual(self._get(f"{STORE}/999999999").status_code, 404)
        self.assertFalse(self._requests())

    def test_requests_of_others_do_not_exist(self):
        redemption = self._some_request()
        self.assertNotIn(redemption.name, self._get(REQUESTS, login="petro").text)
        text = self._get(f"{REQUESTS}?sent={redemption.id}", login="petro").text
        self.assertNotIn("Coffee mug", text)
        self.assertEqual(self._cancel(redemption, login="petro").status_code, 404)
        redemption.invalidate_recordset()
        self.assertEqual(redemption.state, "requested")

    def test_the_key_of_somebody_else_is_another_request(self):
        self._some_request()
        self._send(login="petro")
        self.assertEqual(len(self._requests(self.other_member)), 1)

    def test_portal_users_have_no_rights_on_the_models(self):
        for model in ("b2b2c.reward", "b2b2c.redemption", "b2b2c.redemption.refuse"):
            records = self.env[model].with_user(self.user)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(records.has_access(operation), (model, operation))

    def test_bad_numbers_of_requests_are_ignored(self):
        for bad in ("abc", "-1", "9" * 40, "2147483648", "", "%00"):
            self.assertEqual(self._get(f"{REQUESTS}?sent={bad}").status_code, 200, bad)


@tagged("post_install", "-at_install")
class TestPortalKind(PortalCommon, HttpCase):
    """Pages show what a kind of reward says, and know no kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fakes.add_models(cls, *FAKES)
        cls.account._earn(100, source_key="store/olena")
        cls.ticket = cls.env["b2b2c.reward"].create(
            {
                "name": "Ticket",
                "points": 60,
                "company_id": cls.company.id,
                "kind": "fake_voucher",
            }
        )
        cls.voucher = cls.env["b2b2c.fake.voucher"].create(
            {"reward_id": cls.ticket.id, "code": "CODE-1"}
        )

    def _send(self):
        """Send the form of the confirm page; return the words of the answer."""
        self.authenticate("olena", PASSWORD)
        response = self.url_open(
            f"{STORE}/{self.ticket.id}/request",
            data={
                "csrf_token": Request.csrf_token(self),
                "key": "k-1",
                "price": "60",
            },
        )
        return response.status_code, response.text

    def _words(self, text):
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))

    def test_the_code_is_shown_at_once(self):
        status, text = self._send()
        self.assertEqual(status, 200)
        words = self._words(text)
        self.assertIn("Done: Ticket for you is yours. 60 pts were spent on it.", words)
        self.assertIn("Valid at every counter.", words)
        self.assertIn("CODE-1", words)
        self.assertIn('src="data:image/png;base64,CODE-1"', text)
        button = re.search(r'<a[^>]*href="/counters\?near=me"[^>]*>([^<]*)</a>', text)
        self.assertEqual(button[1].strip(), "Find a counter")
        self.assertNotIn("Cancel this request", text)

    def test_nobody_else_reads_it(self):
        self._send()
        self.assertNotIn("CODE-1", self._get(REQUESTS, login="petro").text)

    def test_what_waits_says_the_next_step(self):
        self.ticket.is_looked_at = True
        status, text = self._send()
        self.assertEqual(status, 200)
        words = self._words(text)
        self.assertIn("Requested: Ticket . 60 pts are reserved for it.", words)
        self.assertIn("The code comes soon.", words)
        self.assertNotIn("CODE-1", text)

    def test_the_reason_of_the_kind_is_read(self):
        self.voucher.unlink()
        self.assertIn("No code is left.", self._get(STORE).text)
        self.assertIn("No code is left.", self._get(f"{STORE}/{self.ticket.id}").text)
        status, text = self._send()
        self.assertEqual(status, 400)
        self.assertIn("No code is left.", text)

    def test_a_kind_that_fails_reserves_nothing(self):
        self.voucher.code = "broken"
        status, text = self._send()
        self.assertEqual(status, 400)
        self.assertIn("The code cannot be read.", text)
        self.assertFalse(self.env["b2b2c.redemption"].search_count([]))
        self.account.invalidate_recordset()
        self.assertEqual(self.account.balance_available, 100)
