"""The HTTP API for outside systems, over HTTP (R: bad input is a clear 4xx)."""

import json

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ...controllers import api_schema
from ...controllers.api_dispatcher import BODY_LIMIT, PREFIX
from ...engine import TRIGGERS
from ..reported.test_intake import IntakeCommon


class ApiCommon(IntakeCommon, HttpCase):
    """A key that may do everything, and a program: 5 % of what is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_program({"trigger": "paid"})
        cls.key, cls.token = cls._create_key()

    @classmethod
    def _create_key(cls, **values):
        """Return a key and its token."""
        key = cls.env["b2b2c.api.key"].create(
            {"name": "Till", "can_read": True, "rate_limit": 1000, **values}
        )
        return key, key._renew()

    def _sale(self, **changes):
        """The sale of the intake's tests, without the type the path says."""
        values = self._values(**changes)
        del values["type"]
        return values

    def _call(self, method, path, body=None, token=None, **headers):
        """Call the API.

        :param body: JSON value, or bytes as they are
        :return: the response
        """
        token = self.token if token is None else token
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            headers.setdefault("Authorization", f"Bearer {token}")
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.env.flush_all()
        response = self.opener.request(
            method,
            f"{self.base_url()}{PREFIX}{path}",
            data=body,
            headers=headers,
            timeout=60,
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return response

    def _post(self, path, body, **options):
        return self._call("POST", path, body, **options)

    def _get(self, path, **options):
        return self._call("GET", path, **options)

    def assertAnswer(self, response, http_status, /, **values):
        """Check status and the given values of a JSON answer."""
        self.assertEqual(response.status_code, http_status, response.text[:500])
        found = response.json()
        self.assertEqual({name: found[name] for name in values}, values)
        return found

    def assertRefused(self, response, status, code, field=None):
        """Check a refusal: its status, its code, the field it names."""
        self.assertEqual(response.status_code, status, response.text[:500])
        self.assertEqual(response.headers["Content-Type"], "application/json")
        self.assertNotIn("Set-Cookie", response.headers)
        error = response.json()["error"]
        self.assertEqual((error["code"], error["field"]), (code, field))
        self.assertTrue(error["message"])
        self.assertEqual(error["request_id"], response.headers["X-Request-Id"])
        return error

    def assertNothingRecorded(self):
        self.assertFalse(self.env["b2b2c.external.document"].search_count([]))
        self.assertFalse(self.env["b2b2c.ledger.entry"].search_count([]))


@tagged("post_install", "-at_install")
class TestApi(ApiCommon):
    def test_a_sale_is_recorded_and_credited_at_once(self):
        response = self._post("/sales", self._sale())
        found = self.assertAnswer(
            response, 201, type="sale", reference="T-100", state="recorded",
            status="paid", occurred_at="2026-03-10T08:00:00Z", created=True,
        )  # fmt: skip
        # 5 % of 100
        self.assertEqual(
            found["results"],
            [
                {
                    "member_id": self.member.id,
                    "unit": self.unit.name,
                    "points": 5,
                    "points_pending": 0,
                }
            ],
        )
        self.assertNotIn("Olena", response.text)
        self.assertNotIn("Set-Cookie", response.headers)
        self.assertEqual(self._balances(), (5, 0, 0))
        self.assertBooksRight()

    def test_again_the_same_and_again_something_else(self):
        self._post("/sales", self._sale())
        again = self._post("/sales", self._sale())
        self.assertAnswer(again, 200, created=False)
        other = self._post("/sales", self._sale(amount=1, lines=[]))
        self.assertRefused(other, 422, "invalid_value", "lines")
        sale = self._sale(amount=1)
        del sale["lines"]
        other = self._post("/sales", sale)
        self.assertRefused(other, 409, "reference_conflict", "reference")
        self.assertEqual(len(self._entries("earn")), 1)

    def test_amounts_are_exact(self):
        """A binary 0.1 would be a little more than a tenth."""
        sale = self._sale(amount="?", reference="T-1")
        del sale["lines"]
        raw = json.dumps(sale).replace('"?"', "1000.10").encode()
        self.assertAnswer(self._post("/sales", raw), 201)
        document = self.env["b2b2c.external.document"].search([])
        self.env.cr.execute(
            "SELECT amount_total::text FROM b2b2c_external_line WHERE document_id = %s",
            [document.id],
        )
        self.assertEqual(self.env.cr.fetchone()[0], "1000.1")

    def test_a_shipment_of_a_distributor(self):
        distributor = self.env["res.partner"].create(
            {"name": "Distributor", "is_company": True}
        )
        _key, token = self._create_key(
            reporter_id=distributor.id, reports_shipment=True
        )
        self._create_program(
            {"trigger": "delivered", "kind": "per_unit", "value": 3},
            name="Shop Club",
        )
        shipment = {
            "reference": "S-1",
            "partner": {"ref": "C-1"},
            "lines": [{"product": {"barcode": "4820000000017"}, "quantity": 4}],
        }
        found = self.assertAnswer(
            self._post("/shipments", shipment, token=token), 201, status="delivered"
        )
        # 4 units at 3 points
        self.assertEqual([row["points"] for row in found["results"]], [12])
        document = self.env["b2b2c.external.document"].search([])
        self.assertEqual(document.reporter_id, distributor)
        # another system's numbers are its own
        self.assertAnswer(self._post("/shipments", shipment), 201)

    def test_an_event(self):
        event = {"reference": "E-1", "event_code": "training"}
        refused = self._post("/events", event)
        self.assertRefused(refused, 422, "missing_value", "partner")
        event["member"] = {"code": self.member.code}
        self.assertAnswer(self._post("/events", event), 201, type="event")
        del event["event_code"]
        refused = self._post("/events", event)
        self.assertRefused(refused, 422, "missing_value", "event_code")

    def test_preview_stores_nothing(self):
        found = self.assertAnswer(self._post("/preview", self._values()), 200)
        self.assertEqual([row["points"] for row in found["awards"]], [5])
        self.assertNotIn("member_name", found["awards"][0])
        self.assertNothingRecorded()

    def test_cancel(self):
        self._post("/sales", self._sale())
        wanted = {"type": "sale", "reference": "t-100", "reason": "Returned"}
        for _again in range(2):
            found = self.assertAnswer(
                self._post("/cancel", wanted), 200, state="cancelled", created=False
            )
            self.assertEqual([row["points"] for row in found["results"]], [0])
        self.assertEqual(self._balances(), (0, 0, 0))
        self.assertEqual(len(self._entries("reverse")), 1)
        wanted["reference"] = "nothing"
        refused = self._post("/cancel", wanted)
        self.assertRefused(refused, 404, "unknown_document", "reference")

    def test_a_key_cancels_its_own_reporter_s_documents_only(self):
        shop = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        _key, token = self._create_key(reporter_id=shop.id)
        self._post("/sales", self._sale())
        wanted = {"type": "sale", "reference": "T-100"}
        refused = self._post("/cancel", wanted, token=token)
        self.assertRefused(refused, 404, "unknown_document", "reference")

    def test_balance(self):
        self._post("/sales", self._sale())
        expected = {
            "memberships": [
                {
                    "member_id": self.member.id,
                    "role": "employee",
                    "state": "enrolled",
                    "balances": [
                        {
                            "unit": self.unit.name,
                            "available": 5,
                            "pending": 0,
                            "reserved": 0,
                            "debt": 0,
                        }
                    ],
                }
            ]
        }
        for query in (
            "phone=%2B380671234567",
            "email=Olena@Example.com",
            f"code=M:{self.member.code}",
        ):
            with self.subTest(query=query):
                response = self._get(f"/balance?{query}")
                self.assertAnswer(response, 200, **expected)
        # named in the body: an address would be in every log on the way
        for person in (
            {"phone": "+380671234567"},
            {"email": "olena@example.com"},
            {"code": self.member.code},
        ):
            with self.subTest(person=person):
                self.assertAnswer(self._post("/balance", person), 200, **expected)
        refused = self._post("/balance?phone=1", {"email": "olena@example.com"})
        self.assertRefused(refused, 422, "unknown_parameter", "phone")
        refused = self._post("/balance", {})
        self.assertEqual(refused.status_code, 422)
        # all that is given must fit
        refused = self._get("/balance?email=olena@example.com&phone=%2B380501112233")
        self.assertRefused(refused, 404, "unknown_member")

    def test_a_reporter_reads_the_balances_of_its_own_people(self):
        shop = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        _key, token = self._create_key(reporter_id=shop.id)
        mine = self._create_member(
            name="Own", email="own@example.com", phone=None, employer_id=shop.id
        )
        olena = "/balance?email=olena@example.com"
        refused = self._get(olena, token=token)
        error = self.assertRefused(refused, 404, "unknown_member")
        nobody = self._get("/balance?email=nobody@example.com", token=token).json()
        self.assertEqual(error["message"], nobody["error"]["message"])
        found = self._get("/balance?email=own@example.com", token=token).json()
        self.assertEqual(found["memberships"][0]["member_id"], mine.id)
        # who shows the own code at the till, and whoever bought there
        self.assertAnswer(
            self._get(f"/balance?code={self.member.code}", token=token), 200
        )
        self._post("/sales", self._sale(), token=token)
        self.assertAnswer(self._get(olena, token=token), 200)

    def test_two_people_behind_one_phone(self):
        """Neither of them is told of or gets points; of strangers nothing is told."""
        shop = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        _key, token = self._create_key(reporter_id=shop.id)
        mine = self._create_member(
            name="Petro", email="petro@example.com", employer_id=shop.id
        )
        path = "/balance?phone=%2B380671234567"
        self.assertRefused(self._get(path), 422, "ambiguous_member")
        found = self._get(path, token=token).json()
        self.assertEqual(found["memberships"][0]["member_id"], mine.id)
        refused = self._post("/sales", self._sale(member={"phone": "+380671234567"}))
        self.assertRefused(refused, 422, "ambiguous_member", "member")
        self.assertNothingRecorded()
        both = self._get(f"{path}&email=petro@example.com").json()
        self.assertEqual(both["memberships"][0]["member_id"], mine.id)

    def test_nobody_learns_who_else_exists(self):
        """Unknown, left, of another company: one answer, the request's id aside."""
        left = self._create_member(name="Left", email="left@example.com", phone=None)
        left.action_leave()
        other = self.env["res.company"].create({"name": "Other"})
        self._create_member(
            name="There", email="there@example.com", phone=None, company_id=other.id
        )
        contact = self.contact.email  # a known contact who takes no part
        answers = set()
        for email in ("nobody@example.com", "left@example.com", "there@example.com",
                      contact, "no address"):  # fmt: skip
            error = self.assertRefused(
                self._get(f"/balance?email={email}"), 404, "unknown_member"
            )
            answers.add((error["code"], error["message"]))
        self.assertEqual(len(answers), 1)

    def test_many_documents_each_with_its_own_answer(self):
        documents = [
            self._values(reference="B-1"),
            self._values(reference="B-2", lines=[{"product": "?"}]),
            self._values(reference="B-3"),
            self._values(reference="B-1"),
            self._values(reference="B-1", note="Other"),
            {"type": "sale"},
            "nonsense",
            {"type": "gift", "reference": "B-4"},
        ]
        found = self.assertAnswer(
            self._post("/bulk", {"documents": documents}),
            200, created=2, known=1, failed=5,
        )  # fmt: skip
        self.assertEqual(
            [
                (row["status"], row.get("error", {}).get("code"),
                 row.get("error", {}).get("field"))
                for row in found["results"]
            ],
            [
                (201, None, None),
                (422, "unknown_product", "lines.0.product"),
                (201, None, None),
                (200, None, None),
                (409, "reference_conflict", "reference"),
                (422, "missing_value", "reference"),
                (422, "invalid_value", ""),
                (422, "invalid_value", "type"),
            ],
        )  # fmt: skip
        self.assertEqual(found["results"][2]["document"]["results"][0]["points"], 5)
        # two sales at 5 points
        self.assertEqual(self._balances(), (10, 0, 0))
        self.assertBooksRight()

    def test_too_many_documents(self):
        body = {"documents": [self._values()] * 1001}
        refused = self._post("/bulk", body)
        self.assertRefused(refused, 422, "too_many_documents", "documents")
        self.assertNothingRecorded()

    def test_description(self):
        response = self._get("/openapi.json", token="")
        self.assertAnswer(response, 200, openapi="3.1.0")
        self.assertEqual(response.json(), json.loads(api_schema.FILE.read_text()))


@tagged("post_install", "-at_install")
class TestApiKeys(ApiCommon):
    def test_keys_that_do_not_open_are_answered_alike(self):
        revoked, revoked_token = self._create_key()
        revoked.action_revoke()
        _expired, expired_token = self._create_key(
            expires_at=fields.Datetime.subtract(fields.Datetime.now(), seconds=1)
        )
        _archived, archived_token = self._create_key(active=False)
        replaced, replaced_token = self._create_key()
        replaced._renew()
        odoo_key = (
            self.env(user=self.env.ref("base.user_admin"))["res.users.apikeys"]
            ._generate(None, "rpc", fields.Datetime.add(fields.Datetime.now(), days=1))
        )  # fmt: skip
        answers = set()
        for token in (
            "wrong",
            "lb_aaaaaaaaaaaa_" + "x" * 43,
            self.token[:-1] + ("a" if self.token[-1] != "a" else "b"),
            self.token + "x",
            revoked_token,
            expired_token,
            archived_token,
            replaced_token,
            odoo_key,
        ):
            response = self._post("/sales", self._sale(), token=token)
            error = self.assertRefused(response, 401, "unauthorized")
            self.assertEqual(response.headers["WWW-Authenticate"], "Bearer")
            headers = sorted(response.headers)
            answers.add((error["message"], str(headers)))
        self.assertEqual(len(answers), 1)
        self.assertNothingRecorded()

    def test_only_the_header_counts(self):
        for headers in (
            {},
            {"Authorization": self.token},
            {"Authorization": f"Basic {self.token}"},
            {"Authorization": "Bearer"},
            {"X_Api_Key": self.token},
        ):
            with self.subTest(headers=headers):
                response = self._post("/sales", self._sale(), token="", **headers)
                self.assertRefused(response, 401, "unauthorized")
        refused = self._get(f"/balance?email=a@b.example&key={self.token}", token="")
        self.assertRefused(refused, 401, "unauthorized")
        # who is logged in with a browser is nobody here
        self.authenticate("admin", "admin")
        response = self._post("/sales", self._sale(), token="")
        self.assertRefused(response, 401, "unauthorized")
        response = self._post("/sales", self._sale())
        self.assertAnswer(response, 201)

    def test_a_key_opens_nothing_else(self):
        for path in ("/json/2/res.partner/search", "/json/2/b2b2c.member/search"):
            response = self.url_open(
                path,
                data=json.dumps({"domain": []}),
                headers={
                    "Authorization": f"bearer {self.token}",
                    "Content-Type": "application/json",
                },
            )
            self.assertEqual(response.status_code, 401)

    def test_what_a_key_may_do(self):
        calls = {
            "can_record": ("POST", "/sales", self._sale()),
            "can_preview": ("POST", "/preview", self._values()),
            "can_cancel": ("POST", "/cancel", {"type": "sale", "reference": "T-100"}),
            "can_read": ("GET", "/entries", None),
        }
        for right in calls:
            rights = {name: name == right for name in calls}
            _key, token = self._create_key(**rights)
            for name, (method, path, body) in calls.items():
                with self.subTest(right=right, path=path):
                    response = self._call(method, path, body, token=token)
                    if name == right:
                        self.assertIn(response.status_code, (200, 201))
                    else:
                        self.assertRefused(response, 403, "forbidden")

    def test_a_key_sees_its_own_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        _key, token = self._create_key(company_id=other.id)
        refused = self._get("/balance?email=olena@example.com", token=token)
        self.assertRefused(refused, 404, "unknown_member")
        refused = self._post("/sales", self._sale(), token=token)
        self.assertRefused(refused, 422, "unknown_member", "member")

    def test_the_secret_is_shown_once_and_not_kept(self):
        manager = self._create_user("boss", "loyalty_b2b2c.group_manager")
        key = self.env["b2b2c.api.key"].with_user(manager).create({"name": "New"})
        self.assertEqual(key.state, "new")
        action = key.action_new_secret()
        token = action["context"]["default_token"]
        self.assertEqual(key.state, "active")
        self.assertEqual(key.company_id, self.company)
        # what opening the dialog asks for
        dialog = self.env["b2b2c.api.key.show"].with_user(manager)
        dialog = dialog.with_context(**action["context"])
        shown = dialog.onchange({}, [], {"token": {}})
        self.assertEqual(shown["value"]["token"], token)
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM b2b2c_api_key WHERE id = %s", [key.id])
        row = str(self.env.cr.fetchone())
        self.assertIn(key.prefix, row)
        self.assertNotIn(token.split("_", 2)[2], row)
        self.assertAnswer(self._post("/sales", self._sale(), token=token), 201)
        with self.assertRaisesRegex(Exception, "do not have enough rights|access"):
            key.read(["secret_hash"])

    def test_keys_change_by_buttons(self):
        manager = self._create_user("boss", "loyalty_b2b2c.group_manager")
        key = self.key.with_user(manager)
        for values in (
            {"prefix": "aaaaaaaaaaaa"},
            {"revoked_at": False},
            {"last_used_at": "2020-01-01"},
            {"company_id": self.env["res.company"].create({"name": "X"}).id},
            {"reporter_id": self.client.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                key.write(values)
        with self.assertRaises(UserError):
            key.create({"name": "Mine", "prefix": "aaaaaaaaaaaa"})
        key.action_revoke()
        self.assertEqual(key.revoked_by_id, manager)
        with self.assertRaisesRegex(Exception, "for good"):
            key.action_new_secret()
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        with self.assertRaises(UserError):
            self.key.with_user(officer).read(["name"])


@tagged("post_install", "-at_install")
class TestApiIdempotency(ApiCommon):
    def test_a_repetition_gets_the_first_answer(self):
        first = self._post("/sales", self._sale(), Idempotency_Key="one")
        self.assertEqual(first.status_code, 201)
        self.assertNotIn("Idempotency-Replayed", first.headers)
        again = self._post("/sales", self._sale(), Idempotency_Key="one")
        self.assertEqual(again.status_code, 201)
        self.assertEqual(again.content, first.content)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertEqual(len(self._entries("earn")), 1)

    def test_another_body_or_path_is_a_conflict(self):
        self._post("/sales", self._sale(), Idempotency_Key="one")
        other = self._sale(reference="T-2")
        refused = self._post("/sales", other, Idempotency_Key="one")
        self.assertRefused(refused, 409, "idempotency_conflict", "Idempotency-Key")
        refused = self._post("/shipments", self._sale(), Idempotency_Key="one")
        self.assertRefused(refused, 409, "idempotency_conflict", "Idempotency-Key")
        # the names belong to the key
        _key, token = self._create_key()
        response = self._post("/sales", other, token=token, Idempotency_Key="one")
        self.assertAnswer(response, 201)

    def test_a_refused_call_may_be_corrected(self):
        wrong = self._sale(lines=[{"product": "?"}])
        for _again in range(2):
            refused = self._post("/sales", wrong, Idempotency_Key="one")
            self.assertRefused(refused, 422, "unknown_product", "lines.0.product")
        right = self._post("/sales", self._sale(), Idempotency_Key="one")
        self.assertAnswer(right, 201)

    def test_names_of_calls(self):
        for name in ("", "a b", "x" * 256):
            refused = self._post("/sales", self._sale(), Idempotency_Key=name)
            self.assertRefused(
                refused, 400, "invalid_idempotency_key", "Idempotency-Key"
            )
        self.assertNothingRecorded()

    def test_old_answers_are_forgotten(self):
        self._post("/sales", self._sale(), Idempotency_Key="old")
        self._post("/sales", self._sale(), Idempotency_Key="new")
        answers = self.env["b2b2c.api.answer"]
        old = answers.search([("idempotency_key", "=", "old")])
        old.answered_at = fields.Datetime.subtract(fields.Datetime.now(), days=8)
        self.assertEqual(answers._gc_answers(), (1, 0))
        self.assertEqual(answers.search([]).mapped("idempotency_key"), ["new"])


@tagged("post_install", "-at_install")
class TestApiLimit(ApiCommon):
    def _call_in_one_minute(self):
        """Return five answers to one key that were counted in the same minute."""
        while True:
            _key, token = self._create_key(rate_limit=3)
            answers = [self._post("/sales", {}, token=token) for _call in range(5)]
            if len({answer.headers["X-RateLimit-Reset"] for answer in answers}) == 1:
                return answers

    def test_the_limit_of_a_minute(self):
        answers = self._call_in_one_minute()
        self.assertEqual(answers[0].headers["X-RateLimit-Limit"], "3")
        self.assertEqual(answers[0].headers["X-RateLimit-Remaining"], "2")
        # refused calls count as well: 3 pass
        statuses = [answer.status_code for answer in answers]
        self.assertEqual(statuses, [422, 422, 422, 429, 429])
        self.assertRefused(answers[-1], 429, "rate_limited")
        wait = int(answers[-1].headers["Retry-After"])
        self.assertTrue(1 <= wait <= 60)
        reset = int(answers[-1].headers["X-RateLimit-Reset"])
        self.assertEqual(reset % 60, 0)
        # others have theirs
        self.assertAnswer(self._post("/sales", self._sale()), 201)


@tagged("post_install", "-at_install")
class TestApiBadInput(ApiCommon):
    def test_no_usable_json(self):
        for raw in (
            b"",
            b"{",
            b'{"reference": "T-1",}',
            b'{"reference": "T-1", "reference": "T-2"}',
            b'{"reference": "T-1", "amount": NaN}',
            b'{"reference": "T-1", "amount": Infinity}',
            b'{"reference": "T-1", "amount": ' + b"9" * 5000 + b"}",
            b"[" * 100000,
            b'{"reference": "\xff"}',
        ):
            with self.subTest(raw=raw[:40]):
                response = self._post("/sales", raw)
                self.assertRefused(response, 400, "malformed_json")
        self.assertNothingRecorded()

    def test_values_that_cannot_be_used(self):
        line = {"product": "PAPER", "quantity": 1, "amount": 1}
        for code, field, changes in (
            ("unknown_product", "lines.0.product", {"lines": [{"product": "?"}]}),
            ("unknown_uom", "lines.0.uom", {"lines": [dict(line, uom="parsec")]}),
            ("uom_mismatch", "lines.0.uom", {"lines": [dict(line, uom="kg")]}),
            ("future_date", "occurred_at", {"occurred_at": "2999-01-01T00:00:00Z"}),
            ("invalid_value", "occurred_at", {"occurred_at": "yesterday"}),
            ("quantity_out_of_range", "lines.0.quantity",
             {"lines": [dict(line, quantity=10**12)]}),
            ("quantity_out_of_range", "lines.0.quantity",
             {"lines": [dict(line, quantity=0)]}),
            ("amount_out_of_range", "lines.0.amount",
             {"lines": [dict(line, amount=1e300)]}),
            ("amount_out_of_range", "lines.0.amount",
             {"lines": [dict(line, amount=-1)]}),
            ("invalid_value", "lines.0.quantity",
             {"lines": [dict(line, quantity="1")]}),
            ("invalid_value", "lines.0.quantity",
             {"lines": [dict(line, quantity="1,000")]}),
            ("invalid_value", "occurred_at", {"occurred_at": "20260302"}),
            ("invalid_value", "occurred_at", {"occurred_at": "02/03/2026"}),
            ("invalid_value", "occurred_at", {"occurred_at": "2026-W10-1"}),
            ("invalid_value", "lines.0.quantity",
             {"lines": [dict(line, quantity=True)]}),
            ("too_many_lines", "lines", {"lines": [line] * 1001}),
            ("invalid_value", "lines.0.product", {"lines": [dict(line, product=5)]}),
            ("invalid_value", "lines.0.product", {"lines": [dict(line, product="")]}),
            ("invalid_value", "lines.0.product", {"lines": [dict(line, product={})]}),
            ("invalid_value", "lines.1.product.sku",
             {"lines": [line, {"product": {"sku": "x" * 65}}]}),
            ("unknown_field", "lines.0.product.ean",
             {"lines": [{"product": {"ean": "1"}}]}),
            ("invalid_value", "lines.0.product.sku",
             {"lines": [{"product": {"sku": "a\x00"}}]}),
            ("unknown_field", "member.id", {"member": {"id": 1}}),
            ("unknown_field", "surprise", {"surprise": 1}),
            ("invalid_value", "reference", {"reference": 5}),
            ("invalid_value", "reference", {"reference": "a\x00b"}),
            ("invalid_value", "reference", {"reference": "\ud800"}),
            ("missing_value", "reference", {"reference": " "}),
            ("invalid_value", "member", {"member": {}}),
            ("invalid_value", "currency", {"currency": "usd\n"}),
            ("unknown_currency", "currency", {"currency": "ZZZ"}),
            ("unknown_member", "member", {"member": {"phone": "+380501111111"}}),
            ("unknown_partner", "partner", {"partner": {"ref": "nobody"}}),
        ):  # fmt: skip
            with self.subTest(code=code, field=field):
                response = self._post("/sales", self._sale(**changes))
                self.assertRefused(response, 422, code, field)
        self._create_product("Paper again", 1, default_code="PAPER")
        refused = self._post("/sales", self._sale())
        self.assertRefused(refused, 422, "ambiguous_product", "lines.0.product")
        for body in (None, [], "text", 5):
            response = self._post("/sales", json.dumps(body).encode())
            self.assertRefused(response, 422, "invalid_value", "")
        self.assertNothingRecorded()

    def test_a_shipment_before_enrolment_earns_nothing(self):
        self.member.enrolled_at = "2026-03-11 00:00:00"
        found = self.assertAnswer(self._post("/sales", self._sale()), 201)
        self.assertEqual(found["results"], [])
        preview = self._post("/preview", self._values(reference="T-2")).json()
        self.assertEqual(preview["awards"], [])
        self.assertIn("after the document", preview["refusals"][0]["reason"])

    def test_large_bodies(self):
        for path, size in (("/sales", BODY_LIMIT + 1), ("/bulk", 10_000_000)):
            with self.subTest(path=path):
                response = self._post(path, b" " * size)
                self.assertRefused(response, 413, "body_too_large")
        # just fits, and is no JSON
        refused = self._post("/sales", b" " * BODY_LIMIT)
        self.assertRefused(refused, 400, "malformed_json")

    def test_other_bodies(self):
        for headers in (
            {"Content_Type": "application/x-www-form-urlencoded"},
            {"Content_Type": "text/plain"},
            {"Content_Encoding": "gzip"},
        ):
            with self.subTest(headers=headers):
                response = self._post("/sales", self._sale(), **headers)
                self.assertRefused(response, 415, "unsupported_media_type")
        self.assertNothingRecorded()

    def test_queries(self):
        for status, code, field, path in (
            (422, "missing_value", None, "/balance"),
            (422, "unknown_parameter", "name", "/balance?name=Olena"),
            (422, "invalid_value", "phone", "/balance?phone="),
            (422, "invalid_value", "phone", "/balance?phone=1&phone=2"),
            (422, "invalid_value", "email", "/balance?email=a%00b"),
            (422, "invalid_value", "after", "/entries?after=5"),
            (422, "invalid_value", "limit", "/entries?limit=501"),
            (422, "invalid_value", "limit", "/entries?limit=-1"),
        ):
            with self.subTest(path=path):
                self.assertRefused(self._get(path), status, code, field)

    def test_paths_and_methods(self):
        for path in ("/", "/nothing", "/sales/1", ""):
            with self.subTest(path=path):
                self.assertRefused(self._get(path), 404, "not_found")
        for method, path, allowed in (
            ("GET", "/sales", "POST"),
            ("DELETE", "/sales", "POST"),
            ("OPTIONS", "/sales", "POST"),
            ("POST", "/entries", "GET"),
            ("PUT", "/openapi.json", "GET"),
        ):
            with self.subTest(method=method, path=path):
                response = self._call(method, path)
                self.assertRefused(response, 405, "method_not_allowed")
                self.assertEqual(response.headers["Allow"], allowed)
                self.assertNotIn("Access-Control-Allow-Origin", response.headers)


#: The words of JSON Schema that `fastjsonschema` is known to check as we mean them.
CHECKED = {
    "$ref", "additionalProperties", "anyOf", "enum", "exclusiveMaximum",
    "exclusiveMinimum", "items", "maximum", "maxItems", "maxLength", "minimum",
    "minItems", "minLength", "minProperties", "pattern", "properties", "required",
    "type",
}  # fmt: skip
#: Words that only tell.
TOLD = {"default", "description", "format"}


@tagged("post_install", "-at_install")
class TestApiDescription(IntakeCommon):
    """The description is the checker: it must use only what is checked."""

    def _walk(self, schema):
        """Yield a schema and all schemas inside."""
        yield schema
        inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
        if "items" in schema:
            inner.append(schema["items"])
        for inside in inner:
            yield from self._walk(inside)

    def _get_schemas(self):
        for schema in api_schema.description()["components"]["schemas"].values():
            yield from self._walk(schema)

    def test_every_word_is_checked(self):
        words = {word for schema in self._get_schemas() for word in schema}
        words = {word for word in words if not word.startswith("x-")}
        self.assertEqual(words - CHECKED - TOLD, set())

    def test_the_moments_are_those_of_the_engine(self):
        statuses = [
            schema["enum"]
            for schema in self._get_schemas()
            if "paid" in schema.get("enum", ())
        ]
        self.assertGreaterEqual(len(statuses), 4)  # of what is sent, and of the answer
        for moments in statuses:
            self.assertEqual(tuple(moments), TRIGGERS)

    def test_alternatives_differ_by_type(self):
        """The type of a value says which of two alternatives was meant."""
        for schema in self._get_schemas():
            if "anyOf" in schema:
                first, second = schema["anyOf"]
                self.assertNotEqual(first["type"], second["type"])

    def test_patterns_are_anchored(self):
        text = api_schema.FILE.read_text()
        for line in text.splitlines():
            if '"pattern":' in line:
                self.assertRegex(line, r'"\^.*\$"')
