"""Joining over HTTP: what strangers see, what a browser may do, and the whole way on a
phone."""

import re
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.engine.product_code import link
from odoo.addons.loyalty_b2b2c.tests.joining.test_join import PHONE, JoinCommon

from ..pages.shop import Shop
from .common import PASSWORD
from .test_portal_scan import KNOWN, PortalScanCommon


class PortalJoinCommon(JoinCommon, PortalScanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = f"/rewards/join/{cls.invitation.token}"
        cls.owner_user = cls._create_portal_user("ihor", cls.owner.partner_id)

    def _post(self, path, **form):
        """Post a form as this browser, with its token against forgery."""
        if "csrf_token" not in form:
            page = self.url_open("/web/login" if path.startswith("/my") else self.path)
            found = re.search(r'csrf_token: "(\w+)"', page.text)
            form["csrf_token"] = found.group(1)
        return self.url_open(path, data=form)

    def _fill(self, **form):
        """Send the first form."""
        form = {"name": "Maria Bondar", "consent": "1", **form}
        return self._post(self.path, **form)

    def _type_code(self, code, **form):
        return self._post(f"{self.path}/code", code=code, **form)

    def _last_request(self):
        return self.env["b2b2c.join"].search([], limit=1)


@tagged("post_install", "-at_install")
class TestPortalJoin(PortalJoinCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def test_joining(self):
        page = self.url_open(self.path)
        self.assertIn("Corner Shop", page.text)
        page = self._fill(email="maria@example.com")
        self.assertIn("m•••@example.com", page.text)
        page = self._type_code(self._sent_code("maria@example.com"))
        self.assertIn("Welcome, Maria Bondar", page.text)
        request = self._last_request()
        self.assertEqual(request.state, "joined")
        # behind the button: choose a password, and be signed in
        password = "a-long-enough-Password-1"
        page = self.url_open(request._get_next_path())
        form = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', page.text))
        page = self._post(
            "/web/signup",
            **{
                **form,
                "login": "maria@example.com",
                "name": "Maria Bondar",
                "password": password,
                "confirm_password": password,
                "redirect": "/my/rewards",
                "token": request.partner_id._generate_signup_token(),
            },
        )
        self.assertTrue(page.url.endswith("/my/rewards"), page.url)
        self.assertIn("Shop salesperson, Corner Shop", page.text)

    def test_who_knew_the_session_before_is_out(self):
        """A shop's tablet, a cookie set by somebody: it opens nothing afterwards."""
        self._fill(email="maria@example.com")
        before = self.opener.cookies["session_id"]
        self._type_code(self._sent_code("maria@example.com"))
        after = self.opener.cookies["session_id"]
        self.assertNotEqual(after, before)
        self.assertIn("Welcome, Maria Bondar", self.url_open(self.path).text)
        host = self.opener.cookies.list_domains()[0]
        self.opener.cookies.clear()
        self.opener.cookies.set("session_id", before, domain=host)
        page = self.url_open(self.path)
        self.assertNotIn("Maria Bondar", page.text)
        self.assertNotIn("token=", page.text)

    def test_a_wrong_code_changes_nothing(self):
        """Control: the session goes on where nobody became somebody."""
        self._fill(email="maria@example.com")
        before = self.opener.cookies["session_id"]
        self._type_code("000000")
        self.assertEqual(self.opener.cookies["session_id"], before)

    def test_links_that_do_not_work_look_the_same(self):
        yesterday = fields.Date.today() - timedelta(days=1)
        expired = self._create_invitation(valid_until=yesterday)
        revoked = self._create_invitation()
        revoked.action_revoke()
        full = self._create_invitation(max_uses=1)
        full._take_use()
        answers = set()
        for token in ("x" * 22, "ü", expired.token, revoked.token, full.token):
            page = self.url_open(f"/rewards/join/{token}")
            self.assertIn("This invitation cannot be used", page.text)
            answers.add((page.status_code, re.sub(r'csrf_token: "\w+"', "", page.text)))
        self.assertEqual([status for status, _text in answers], [404])

    def test_nobody_learns_who_is_known(self):
        pages = []
        known = self.colleague.email
        for email in (known, f"x{known[1:]}"):
            self.authenticate(None, None)
            page = self._fill(email=email)
            text = re.sub(r"\w•••@[\w.]+", "", page.text)
            pages.append(re.sub(r'"\w{40,}"|o\d{5,}', "", text))
            self.assertEqual(
                len(self.env["mail.mail"].search([("email_to", "=", email)])), 1
            )
        self.assertEqual(len(pages[0]), len(pages[1]))

    def test_bad_input(self):
        for form, sentence in (
            ({"name": ""}, "first and last name"),
            ({"name": "<script>alert(1)</script>"}, "first and last name"),
            ({"name": "=HYPERLINK(1)"}, "first and last name"),
            ({"email": "no"}, "not a valid e-mail"),
            ({}, "phone number or an e-mail"),
            ({"phone": "0" * 3000}, "not a valid phone"),
            ({"email": "maria@example.com", "consent": ""}, "without agreeing"),
        ):
            with self.subTest(form=form):
                page = self._fill(**form)
                self.assertEqual(page.status_code, 200)
                self.assertIn(sentence, page.text)
                self.assertNotIn("<script>alert(1)", page.text)
        self.assertFalse(self.env["b2b2c.join"].search([]))

    def test_without_the_token_of_the_form_nothing_happens(self):
        page = self._fill(email="maria@example.com", csrf_token="forged")
        self.assertEqual(page.status_code, 400)
        self.assertFalse(self.env["b2b2c.join"].search([]))

    def test_wrong_code_and_double_submit(self):
        self._fill(email="maria@example.com")
        self._fill(email="maria@example.com")  # sent twice: one request, one code
        self.assertEqual(self.env["b2b2c.join"].search_count([]), 1)
        code = self._sent_code("maria@example.com")
        self.assertIn("no longer valid", self._type_code("000000x").text)
        self._type_code(code)
        page = self._type_code(code)
        self.assertIn("Welcome", page.text)
        self.assertEqual((self._count_members(), self.invitation.uses), (3, 1))

    def test_another_browser_does_not_go_on(self):
        self._fill(email="maria@example.com")
        code = self._sent_code("maria@example.com")
        self.authenticate(None, None)
        page = self._type_code(code)
        self.assertNotIn("Welcome", page.text)
        self.assertEqual(self._last_request().state, "code")

    def test_changing_what_was_entered(self):
        self._fill(email="mistake@example.com")
        page = self._type_code("", change="1")
        self.assertIn('name="email"', page.text)
        self._fill(email="maria@example.com")
        page = self._type_code(self._sent_code("maria@example.com"))
        self.assertIn("Welcome", page.text)

    def test_a_tablet_of_the_shop(self):
        """The next person neither sees nor is stopped by the one before."""
        self._fill(email="maria@example.com")
        page = self._type_code(self._sent_code("maria@example.com"))
        self.assertIn("Somebody else wants to join", page.text)
        self._last_request().proved_at -= timedelta(minutes=16)
        page = self.url_open(self.path)
        self.assertNotIn("Maria", page.text)
        self._fill(name="Taras Hnatiuk", email="taras@example.com")
        self._type_code(self._sent_code("taras@example.com"))
        page = self._type_code("", change="1")
        self.assertIn('name="email"', page.text)
        self.assertEqual(self._count_members(), 4)

    def test_a_new_password_for_who_has_no_email(self):
        self._fill(phone=PHONE)
        self._type_code(self._sent_code(phone=PHONE))
        person = self._last_request().partner_id
        person.user_ids.password = PASSWORD
        self.authenticate(PHONE, PASSWORD)
        self.env["res.users.log"].with_user(person.user_ids).sudo().create({})
        self.authenticate(None, None)
        self._fill(phone=PHONE)
        page = self._type_code(self._sent_code(phone=PHONE))
        self.assertIn("/web/reset_password?", page.text)
        path = self._last_request()._get_next_path()
        self.assertIn("confirm_password", self.url_open(path).text)
        self._last_request().proved_at -= timedelta(minutes=16)
        self.assertIn("/web/login?", self._last_request()._get_next_path())

    def test_too_many_codes(self):
        self._fill(email="maria@example.com")
        for _number in range(4):
            self.assertIn("on its way", self._type_code("", again="1").text)
        self.assertIn("Too many codes", self._type_code("", again="1").text)

    def test_who_is_signed_in_joins_with_one_tap(self):
        self.authenticate("olena", PASSWORD)
        page = self.url_open(self.path)
        self.assertIn("You are signed in", page.text)
        page = self._post(self.path, consent="1")
        self.assertTrue(page.url.endswith("/my/rewards"), page.url)
        member = self._last_request().member_id
        self.assertEqual(member.partner_id, self.member.partner_id)
        self.assertEqual(member.employer_id, self.shop)

    def test_signing_in_comes_back_to_the_invitation(self):
        page = self.url_open(self.path)
        self.assertIn(f'href="/web/login?redirect={self.path}"', page.text)

    def test_the_scanned_code_is_registered_afterwards(self):
        """Scanned with the phone's camera, joined, and the code is credited."""
        self.url_open(link("", KNOWN[0]))
        self._fill(phone=PHONE)
        self._type_code(self._sent_code(phone=PHONE))
        request = self._last_request()
        self.assertEqual(request.scan_code, KNOWN[0])
        self.assertIn(
            f"redirect=%2Fmy%2Frewards%2Fscan%3Fcode%3D{KNOWN[0]}",
            request._get_next_path(),
        )

    def test_the_page_for_a_password_says_what_it_is_for(self):
        self._fill(phone=PHONE)
        self._type_code(self._sent_code(phone=PHONE))
        path = self._last_request()._get_next_path()
        self.assertIn("Your points are waiting", self.url_open(path).text)
        # who comes to Odoo for something else reads Odoo's page
        elsewhere = path.replace("my%2Frewards", "my%2Finvoices")
        self.assertNotEqual(elsewhere, path)
        page = self.url_open(elsewhere)
        self.assertIn('name="confirm_password"', page.text)
        self.assertNotIn("Your points are waiting", page.text)

    def test_what_was_scanned_is_never_an_address(self):
        self.url_open(link("", "A&redirect=https:evil.example"))
        self._fill(phone=PHONE)
        self._type_code(self._sent_code(phone=PHONE))
        path = self._last_request()._get_next_path()
        self.assertTrue(path.startswith("/web/signup?"))
        self.assertEqual(path.count("redirect="), 1)
        self.assertTrue(
            path.endswith("code%3DA%2526redirect%253Dhttps%253Aevil.example")
        )

    def test_the_poster(self):
        page = self.url_open(f"{self.path}/poster")
        self.assertIn("data:image/png;base64,", page.text)
        self.invitation.action_revoke()
        self.assertEqual(self.url_open(f"{self.path}/poster").status_code, 404)

    def test_approval_by_the_owner(self):
        self.invitation.approval = "owner"
        self._fill(email="maria@example.com")
        page = self._type_code(self._sent_code("maria@example.com"))
        self.assertIn("has to agree", page.text)
        request = self._last_request()
        self.authenticate("ihor", PASSWORD)
        page = self.url_open("/my/rewards/shop")
        self.assertIn("Maria Bondar", page.text)
        page = self._post("/my/rewards/shop/decide", request_id=request.id, approve="1")
        self.assertIn("Welcome on board", page.text)
        self.assertEqual(request.member_id.state, "enrolled")
        self.assertTrue(request.member_id.employer_consent)
        self.assertEqual(request.decided_by_id, self.owner_user)


@tagged("post_install", "-at_install")
class TestPortalShop(PortalJoinCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_shop = cls.env["res.partner"].create(
            {"name": "Rival Shop", "is_company": True}
        )
        cls.stranger = cls._create_member(
            name="Zlata Rival",
            email="zlata@example.com",
            role="salesperson",
            employer_id=cls.other_shop.id,
        )
        cls.seller.partner_id.phone = "+380 67 765 43 21"

    def _page(self):
        self.authenticate("ihor", PASSWORD)
        return self.url_open("/my/rewards/shop").text

    def test_staff_and_what_they_earned(self):
        self._scan(self.codes[0])
        page = self._page()
        self.assertIn("Nina", page)
        self.assertIn("Oleh", page)
        self.assertIn("3 pts", page)
        self.assertIn("+380•••••21", page)
        staff = page.split("My people")[1].split("Invite people")[0]
        self.assertNotIn("765", staff)
        self.assertNotIn("nina@", staff)

    def test_only_the_own_shop(self):
        page = self._page()
        self.assertNotIn("Zlata", page)
        self.assertNotIn("Rival", page)
        self.assertNotIn("Petro Other", page)

    def test_only_owners(self):
        for login in ("nina", "olena"):
            self.authenticate(login, PASSWORD)
            self.assertEqual(self.url_open("/my/rewards/shop").status_code, 404)
            for path in ("decide", "end", "invitation"):
                answer = self._post(f"/my/rewards/shop/{path}", member_id=1)
                self.assertEqual(answer.status_code, 404, path)
        self.authenticate(None, None)
        answer = self.url_open("/my/rewards/shop", allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_somebody_leaves_and_keeps_the_points(self):
        self._scan(self.codes[0])
        self.authenticate("ihor", PASSWORD)
        page = self._post("/my/rewards/shop/end", member_id=self.seller.id).text
        self.assertIn("What this person earned stays", page)
        self.assertEqual(self.seller.state, "left")
        self.assertEqual(self._available(self.seller), [3])
        self.assertIn("Worked here before", page)

    def test_others_are_out_of_reach(self):
        self.authenticate("ihor", PASSWORD)
        company = self.env["res.company"].create({"name": "Sister"})
        sister = self._create_member(
            name="Sofia",
            email="sofia@example.com",
            role="salesperson",
            employer_id=self.shop.id,
            company_id=company.id,
        )
        for target in (self.stranger, self.owner, sister, self.member):
            page = self._post("/my/rewards/shop/end", member_id=target.id).text
            self.assertIn("does not work at your shop", page)
            self.assertEqual(target.state, "enrolled")
        for text in ("", "abc", "-1", "9" * 30, "１２"):
            page = self._post("/my/rewards/shop/end", member_id=text)
            self.assertEqual(page.status_code, 200)
        self.assertNotIn("Sofia", self._page())

    def test_requests_of_others_are_out_of_reach(self):
        foreign = self._create_invitation(
            employer_id=self.other_shop.id, approval="owner"
        )
        for_manager = self._create_invitation(approval="manager")
        requests = self._join("One Person", "one@example.com", invitation=foreign)
        requests |= self._join("Two Person", "two@example.com", invitation=for_manager)
        self.assertEqual(requests.mapped("state"), ["waiting", "waiting"])
        self.authenticate("ihor", PASSWORD)
        for waiting in requests:
            page = self._post(
                "/my/rewards/shop/decide", request_id=waiting.id, approve="1"
            ).text
            self.assertIn("decided already", page)
            self.assertEqual(waiting.state, "waiting")
        page = self._post(
            "/my/rewards/shop/invitation", invitation_id=foreign.id, renew="1"
        ).text
        self.assertIn("not your shop", page)
        page = self._post("/my/rewards/shop/invitation", owner_id=self.stranger.id)
        self.assertEqual(page.status_code, 404)

    def test_the_owner_does_not_agree_to_himself(self):
        """He joins his own shop as a salesperson, and finds nothing to decide."""
        self.invitation.approval = "owner"
        self.authenticate("ihor", PASSWORD)
        self._post(f"/rewards/join/{self.invitation.token}", consent="1")
        mine = self.env["b2b2c.join"].search([], limit=1, order="id desc")
        self.assertEqual((mine.partner_id, mine.state),
                         (self.owner.partner_id, "waiting"))  # fmt: skip
        page = self._post("/my/rewards/shop/decide", request_id=mine.id, approve="1")
        self.assertIn("decided already", page.text)
        self.assertEqual(mine.state, "waiting")

    def test_the_companys_rule_holds_for_invitations_that_are_out(self):
        self.invitation.approval = "owner"
        waiting = self._join("One Person", "one@example.com")
        self.company.b2b2c_join_approval = "manager"
        self.authenticate("ihor", PASSWORD)
        page = self._post("/my/rewards/shop/decide", request_id=waiting.id, approve="1")
        self.assertIn("decided already", page.text)
        self._post("/my/rewards/shop/invitation", owner_id=self.owner.id)
        self.assertIn("waits for the yes of", self._page())
        self.assertEqual(waiting.state, "waiting")
        self.company.b2b2c_join_approval = "owner"
        self._post("/my/rewards/shop/decide", request_id=waiting.id, approve="1")
        self.assertEqual(waiting.state, "joined")

    def test_invitations(self):
        owners_only = self._create_invitation(role="owner", approval="manager")
        self.assertNotIn(owners_only.token, self._page())
        self.invitation.action_revoke()
        self._post("/my/rewards/shop/invitation", owner_id=self.owner.id)
        self._post("/my/rewards/shop/invitation", owner_id=self.owner.id)
        made = Shop(self.owner).get_invitations()
        self.assertEqual(
            (len(made), made.role, made.approval, made.state),
            (1, "salesperson", "owner", "active"),
        )
        token = made.token
        self._post("/my/rewards/shop/invitation", invitation_id=made.id, renew="1")
        self.assertNotEqual(made.token, token)

    def test_received_and_scanned(self):
        """10 came with an order, 4 reported by a distributor; 2 were scanned."""
        order = self._create_order(partner_id=self.shop.id, quantity=10)
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 10, "picked": True})
        picking.button_validate()
        self.env["b2b2c.intake"]._record(
            {
                "type": "shipment",
                "reference": "WB-1",
                "partner": {"id": self.shop.id},
                "lines": [{"product": {"id": self.product.id}, "quantity": 4}],
            },
            company=self.company,
            channel="api",
        )
        for code in self.codes[:2]:
            self._scan(code)
        [row] = Shop(self.owner).get_goods()
        self.assertEqual(
            (row["received"], row["scanned"], row["percent"]),
            ("14 Units", "2 Units", 14),
        )
        page = self._page()
        self.assertIn("14 Units", page)


@tagged("post_install", "-at_install")
class TestPortalJoinTour(PortalJoinCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_joining_on_a_phone(self):
        """Scan without a login, join, choose a password, and the code is credited."""
        self.patch(type(self.env["b2b2c.join"]), "_new_code", lambda join: "135790")
        self.start_tour(
            link("", KNOWN[0]),
            "b2b2c_join",
            login=None,
            cookies={"b2b2c_tour": self.invitation.token},
        )
        request = self._last_request()
        self.assertEqual(request.state, "joined")
        self.assertEqual(self._available(request.member_id), [3])
        self.assertEqual(self.codes[0].state, "claimed")

    def test_the_owner_on_a_phone(self):
        self.invitation.approval = "owner"
        self._join("A Person of Quite Remarkable Length " * 2, "long@example.com")
        self._scan(self.codes[0])
        self.start_tour("/my/rewards", "b2b2c_shop_owner", login="ihor")
        self.assertEqual(self.seller.state, "left")


@tagged("post_install", "-at_install")
class TestPortalJoinSmallPhone(TestPortalJoinTour):
    browser_size = "320x568"
