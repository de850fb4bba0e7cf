"""No witness in his own case: what a key may report, of whom, and how much (A5)."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..migrating import migrate
from .test_api import ApiCommon


class MandateCommon(ApiCommon):
    """A shop with its people; the same owner's other shop; a stranger's shop.

    The owner gets 2 points per unit shipped, the seller 1 point per unit sold.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Partner = cls.env["res.partner"]
        cls.shop, cls.sister, cls.other = Partner.create(
            [
                {"name": name, "is_company": True, "ref": ref}
                for name, ref in (("Shop", "S-1"), ("Second", "S-2"), ("Other", "S-3"))
            ]
        )
        cls.owner = cls._create_member(
            name="Owner", email="owner@shop.example", phone=None, role="owner",
            employer_id=cls.shop.id,
        )  # fmt: skip
        cls._create_member(
            partner_id=cls.owner.partner_id.id, role="owner", employer_id=cls.sister.id
        )
        cls.seller = cls._create_member(
            name="Seller", email="seller@shop.example", phone=None,
            role="salesperson", employer_id=cls.shop.id,
        )  # fmt: skip
        cls.stranger = cls._create_member(
            name="Stranger", email="seller@other.example", phone=None,
            role="salesperson", employer_id=cls.other.id,
        )  # fmt: skip
        cls._create_member(
            name="Boss", email="boss@other.example", phone=None, role="owner",
            employer_id=cls.other.id,
        )  # fmt: skip
        shipments, sales = (
            cls._get_document_kinds(code).ids for code in ("shipment", "sale")
        )
        per_unit = {"kind": "per_unit", "trigger": "delivered"}
        cls._create_program(
            {
                **per_unit,
                "value": 2,
                "role": "owner",
                "document_kind_ids": [(6, 0, shipments)],
            },
            {
                **per_unit,
                "value": 1,
                "role": "salesperson",
                "pick": "seller",
                "document_kind_ids": [(6, 0, sales)],
            },
            name="Network",
        )

    def _make_key(self, **values):
        """Return the token of the shop's key."""
        _key, token = self._create_key(reporter_id=self.shop.id, **values)
        return token

    def _report(self, token, kind, quantity=1, reference="R-1", **values):
        body = {
            "reference": reference,
            "lines": [{"product": "PAPER", "quantity": quantity}],
            **values,
        }
        if kind == "event":
            body["event_code"] = "display"
        return self._post(f"/{kind}s", body, token=token)

    def _points(self):
        """Return the points of everybody of the two shops, by name."""
        accounts = self.env["b2b2c.account"].search([])
        balances = accounts._get_balances()
        points = {}
        for account in accounts:
            points[account.member_id.name] = balances[account.id]["posted"]
        return points


#: (type, whom it names) -> status and code for the key of the shop that reports
#: everything it may be allowed to.  Sales of others are allowed by a box of their own.
ANSWERS = {
    ("sale", "shop"): (201, None),
    ("sale", "seller"): (201, None),
    ("sale", "sister"): (201, None),  # the same owner's: one family
    ("sale", "client"): (201, None),  # who bought
    ("sale", "other"): (403, "foreign_document"),
    ("sale", "their seller"): (422, "unknown_member"),
    ("sale", "their seller as buyer"): (422, "unknown_member"),
    ("shipment", "shop"): (403, "own_shipment"),
    ("shipment", "sister"): (403, "own_shipment"),
    ("shipment", "owner"): (403, "own_shipment"),
    ("shipment", "owner elsewhere"): (403, "own_shipment"),
    ("shipment", "other"): (201, None),
    ("shipment", "client"): (201, None),
    ("event", "shop"): (202, None),
    ("event", "owner"): (202, None),
    ("event", "their seller"): (201, None),
}


@tagged("post_install", "-at_install")
class TestMandate(MandateCommon):
    def _names(self):
        """Return what documents of :data:`ANSWERS` name."""
        theirs = {"email": "seller@other.example"}
        owner = {"member": {"email": "owner@shop.example"}}
        return {
            "shop": {"partner": {"ref": "S-1"}},
            "sister": {"partner": {"ref": "S-2"}},
            "other": {"partner": {"ref": "S-3"}},
            "client": {"partner": {"ref": "C-1"}},
            "seller": {"seller": {"email": "seller@shop.example"}},
            "their seller": {"seller": theirs},
            "their seller as buyer": {"member": theirs, "partner": {"ref": "S-1"}},
            "owner": owner,
            "owner elsewhere": {**owner, "partner": {"ref": "S-3"}},
        }

    def _attempt(self, token):
        """Return (type, whom it names) -> status and code, of every attempt."""
        found = {}
        for number, (kind, whom) in enumerate(ANSWERS):
            answer = self._report(
                token, kind, reference=f"R-{number}", **self._names()[whom]
            )
            error = answer.json().get("error") or {}
            found[kind, whom] = answer.status_code, error.get("code")
        return found

    def test_every_type_about_everybody(self):
        token = self._make_key(reports_shipment=True, reports_event=True)
        self.assertEqual(self._attempt(token), ANSWERS)

    def test_control_without_the_guard_everything_is_recorded(self):
        token = self._make_key(reports_shipment=True, reports_event=True)
        intake = self.env.registry["b2b2c.intake"]
        with (
            patch.object(intake, "_check_mandate", lambda *_args: None),
            patch.object(intake, "_is_own_case", lambda *_args: False),
        ):
            statuses = {status for status, _code in self._attempt(token).values()}
        self.assertEqual(statuses, {201})

    def test_sales_of_others_by_a_box_of_their_own(self):
        token = self._make_key(reports_others=True)
        for number, whom in enumerate(("other", "their seller")):
            answer = self._report(
                token, "sale", reference=f"R-{number}", **self._names()[whom]
            )
            self.assertEqual(answer.status_code, 201, whom)

    def test_types_that_are_not_ticked(self):
        """A new key of another company reports sales, our own system everything."""
        token = self._make_key()
        for kind in ("shipment", "event"):
            refused = self._report(token, kind, partner={"ref": "S-3"})
            self.assertRefused(refused, 403, "type_not_allowed", "type")
        preview = {"type": "shipment", "reference": "P", "lines": [{"quantity": 1}]}
        refused = self._post("/preview", preview, token=token)
        self.assertRefused(refused, 403, "type_not_allowed", "type")
        answer = self._report(token, "sale", partner={"ref": "S-1"})
        self.assertEqual(answer.status_code, 201)
        for kind in ("sale", "shipment", "event"):
            answer = self._report(self.token, kind, partner={"ref": "S-1"})
            self.assertEqual(answer.status_code, 201, kind)

    # === SIZE === #

    def test_what_is_larger_waits_for_a_person(self):
        """The attack: 999,999,999 units, two points each."""
        token = self._make_key(reports_shipment=True)
        partner = {"ref": "S-3"}
        answer = self._report(token, "shipment", 999_999_999, partner=partner)
        self.assertAnswer(answer, 202, state="review", created=True, results=[])
        again = self._report(token, "shipment", 999_999_999, partner=partner)
        self.assertAnswer(again, 202, state="review", created=False)
        self.assertEqual(self._points(), {})
        document = self.env["b2b2c.external.document"].search([])
        self.assertEqual(document.review_reason, "document")
        # 1,000 units are as many as a new key may report alone
        self._report(token, "shipment", 1000, "R-2", partner=partner)
        self.assertEqual(self._points(), {"Boss": 2000})

    def test_dozens_are_counted_in_pieces(self):
        """84 dozens are 1,008 pieces, above 1,000; 83 are 996."""
        self.env.ref("uom.product_uom_dozen").write({"active": True, "name": "Dozens"})
        token = self._make_key()
        for number, (dozens, status) in enumerate(((84, 202), (83, 201))):
            lines = [{"product": "PAPER", "quantity": dozens, "uom": "Dozens"}]
            answer = self._report(token, "sale", reference=f"R-{number}", lines=lines)
            self.assertEqual(answer.status_code, status)

    def test_amounts_have_a_limit_too(self):
        token = self._make_key()
        for number, (amount, status) in enumerate(((100_000.01, 202), (100_000, 201))):
            lines = [{"product": "PAPER", "amount": amount}]
            answer = self._report(token, "sale", reference=f"R-{number}", lines=lines)
            self.assertEqual(answer.status_code, status)

    def test_a_day_has_room_for_so_much(self):
        """2 × 6 of 10 do not fit; 4 do; what waits takes no room."""
        token = self._make_key(day_quantity=10)
        statuses = [
            self._report(token, "sale", quantity, f"R-{number}").status_code
            for number, quantity in enumerate((6, 6, 4, 1))
        ]
        self.assertEqual(statuses, [201, 202, 201, 202])
        # a date of the document's own makes no other day
        answer = self._report(token, "sale", 1, "R-9", occurred_at="2026-01-01")
        self.assertEqual(answer.status_code, 202)
        day = self.env["b2b2c.reported.day"].search([])
        self.assertEqual(day.quantity, 10)

    def test_many_in_one_call_are_counted_one_by_one(self):
        token = self._make_key(day_quantity=10)
        documents = [
            {
                "type": "sale",
                "reference": f"B-{number}",
                "seller": {"email": "seller@shop.example"},
                "lines": [{"product": "PAPER", "quantity": 4}],
            }
            for number in range(5)
        ]
        found = self.assertAnswer(
            self._post("/bulk", {"documents": documents}, token=token),
            200, created=2, waiting=3, failed=0,
        )  # fmt: skip
        statuses = [row["status"] for row in found["results"]]
        self.assertEqual(statuses, [201, 201, 202, 202, 202])
        self.assertEqual(self._points(), {"Seller": 8})

    def test_an_officer_settles_what_waits(self):
        token = self._make_key(document_quantity=5)
        seller = {"email": "seller@shop.example"}
        for number in range(2):
            self._report(token, "sale", 6, f"R-{number}", seller=seller)
        first, second = self.env["b2b2c.external.document"].search([], order="id")
        user = self._create_user("luser", "loyalty_b2b2c.group_user")
        with self.assertRaises(UserError):
            first.with_user(user).action_accept()
        self.assertEqual(self._points(), {})
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        (first | second).with_user(officer).filtered(
            lambda one: one == first
        ).action_accept()
        second.with_user(officer).action_cancel()
        self._process()
        self.assertEqual(self._points(), {"Seller": 6})
        self.assertEqual(first.accepted_by_id, officer)
        # decided once: accepting what was cancelled changes nothing
        second.with_user(officer).action_accept()
        self._process()
        self.assertEqual(self._points(), {"Seller": 6})
        self.assertBooksRight()

    def test_a_sale_comes_further_while_it_waits(self):
        token = self._make_key(document_quantity=5)
        for status in ("confirmed", "paid"):
            answer = self._report(token, "sale", 6, status=status)
            self.assertAnswer(answer, 202, status=status)

    def test_a_manager_sets_it_up(self):
        manager = self._create_user("boss", "loyalty_b2b2c.group_manager")
        key = self.env["b2b2c.api.key"].with_user(manager)
        theirs = key.create({"name": "Till", "reporter_id": self.shop.id})
        self.assertEqual(
            (theirs.reports_sale, theirs.reports_shipment, theirs.reports_others),
            (True, False, False),
        )
        self.assertEqual((theirs.document_quantity, theirs.day_quantity), (1000, 10000))
        ours = key.create({"name": "Books"})
        self.assertTrue(ours.reports_shipment and ours.reports_event)
        self.assertEqual(ours.document_quantity, 0)


#: (how the person is named, who it is) -> whether a reporter may learn of the person
KNOWN = {
    "works there": True,
    "bought there": True,
    "bought there, cancelled": False,
    "bought there for nothing": False,
    "sale waits": False,
    "bought elsewhere": False,
    "left": False,
    "nobody": False,
}


@tagged("post_install", "-at_install")
class TestWhomAReporterKnows(MandateCommon):
    """`balance`, `preview` and `entries` show the same people, nothing more (A12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_program({"trigger": "paid", "cap_period": 2000}, name="Cap")
        cls.people = {
            whom: cls._create_member(
                name=whom, email=cls._address(whom), phone=None,
                employer_id=cls.shop.id if whom == "works there" else cls.client.id,
            )
            for whom in KNOWN
            if whom != "nobody"
        }  # fmt: skip

    @staticmethod
    def _address(whom):
        return f"{whom.replace(' ', '.').replace(',', '')}@example.com"

    def setUp(self):
        super().setUp()
        self.reporter = self._make_key(document_amount=100)
        for whom, amount, token in (
            ("bought there", 20, self.reporter),
            ("bought there, cancelled", 20, self.reporter),
            ("bought there for nothing", 0, self.reporter),
            ("sale waits", 101, self.reporter),
            ("bought elsewhere", 20, self.token),
        ):
            sale = {
                "reference": f"SALE {whom}",
                "member": {"email": self._address(whom)},
                "amount": amount,
            }
            self.assertLess(self._post("/sales", sale, token=token).status_code, 300)
        wanted = {"type": "sale", "reference": "SALE bought there, cancelled"}
        self.assertAnswer(self._post("/cancel", wanted, token=self.reporter), 200)
        self.people["left"].action_leave()

    def _balance(self, whom):
        answer = self._get(f"/balance?email={self._address(whom)}", token=self.reporter)
        body = answer.json()
        return answer.status_code, body.get("error", {}).get("message")

    def _preview(self, whom, **names):
        body = {
            "type": "sale",
            "reference": "ASKED",
            "member": {"email": self._address(whom)},
            "amount": 40,
            **names,
        }
        answer = self._post("/preview", body, token=self.reporter)
        return answer.status_code, answer.json()

    def test_balance_and_preview_know_the_same_people(self):
        seen = {
            whom: (
                self._balance(whom)[0] == 200,
                self.people.get(whom, self.env["b2b2c.member"]).id
                in {row["member_id"] for row in self._preview(whom)[1]["awards"]},
            )
            for whom in KNOWN
        }
        self.assertEqual(seen, {whom: (known, known) for whom, known in KNOWN.items()})

    def test_who_is_not_known_is_answered_as_nobody(self):
        for whom, known in KNOWN.items():
            with self.subTest(whom=whom):
                if not known:
                    self.assertEqual(self._balance(whom), self._balance("nobody"))
                    self.assertEqual(self._preview(whom), self._preview("nobody"))

    def test_control_without_the_test_everybody_is_seen(self):
        intake = self.env.registry["b2b2c.intake"]
        with patch.object(
            intake, "_known_to", lambda self, members, _reporter: members
        ):
            self.assertEqual(self._balance("bought elsewhere")[0], 200)
            awards = self._preview("bought elsewhere")[1]["awards"]
        who = self.people["bought elsewhere"].id
        self.assertIn(who, {row["member_id"] for row in awards})

    def test_a_preview_tells_points_only(self):
        """5 % of 40 is 2 in either program. How much of a limit is left is not told."""
        _status, answer = self._preview("bought there")
        self.assertEqual([row["points"] for row in answer["awards"]], [2, 2])
        self.assertEqual([row["reasons"] for row in answer["awards"]], [[], []])
        self.assertNotIn("left", str(answer))
        # the same for our own system, which reads every balance anyway
        body = {
            "type": "sale", "reference": "A", "amount": 40,
            "member": {"email": self._address("bought there")},
        }  # fmt: skip
        ours = self._post("/preview", body).json()
        self.assertTrue(all(row["reasons"] for row in ours["awards"]))

    def test_a_code_that_is_shown_opens(self):
        code = self.people["bought elsewhere"].code
        status, answer = self._preview("nobody", member={"code": code})
        self.assertEqual(status, 200)
        self.assertEqual(
            {row["member_id"] for row in answer["awards"]},
            {self.people["bought elsewhere"].id},
        )

    def test_two_strangers_behind_one_address_are_nobody(self):
        for number in range(2):
            self._create_member(
                name=f"Twin {number}", email="twin@example.com", phone=None,
                role="customer", employer_id=self.other.id,
            )  # fmt: skip
        twin = {"member": {"email": "twin@example.com"}}
        self.assertEqual(self._preview("nobody", **twin), self._preview("nobody"))

    def test_people_of_others_are_told_as_points(self):
        """A distributor's shipment: what the shop's owner gets, not who that is."""
        token = self._make_key(reports_shipment=True)
        answer = self._report(token, "shipment", 4, partner={"ref": "S-3"})
        found = self.assertAnswer(answer, 201)
        self.assertEqual(
            [(row["member_id"], row["points"]) for row in found["results"]], [(None, 8)]
        )
        # what a running transaction booked is not final: here it has to be
        with patch.object(
            self.env.registry["b2b2c.ledger.entry"],
            "_get_horizon",
            lambda self: 2**62,
        ):
            page = self.env["b2b2c.ledger.entry"]._get_feed(
                self.company, reporter=self.shop, after=None, limit=100
            )
        told = {
            entry["document"] and entry["document"]["reference"]: entry["member_id"]
            for entry in page["entries"]
        }
        self.assertIsNone(told["R-1"])
        self.assertEqual(told["SALE bought there"], self.people["bought there"].id)
        self.assertNotIn("SALE bought elsewhere", told)


@tagged("post_install", "-at_install")
class TestMandateMigration(MandateCommon):
    """Keys of the version before go on with what they did, and no further."""

    def _migrate(self, script):
        path = f"loyalty_b2b2c/migrations/19.0.1.3.0/{script}.py"
        migrate(self.env, path, "19.0.1.2.0")

    def _told(self, key):
        return {name: key[name] for name in key._fields if name.startswith("reports_")}

    def test_keys_go_on_with_what_they_did(self):
        big, _token = self._create_key(reporter_id=self.client.id, name="Distributor")
        new, _token = self._create_key(reporter_id=self.shop.id, name="Till")
        ours, _token = self._create_key(name="Books")
        for number, quantity in enumerate((3000, 9000)):
            self._record(
                {
                    "type": "shipment",
                    "reference": f"OLD-{number}",
                    "member": {"email": "boss@other.example"},
                    "lines": [{"product": "PAPER", "quantity": quantity}],
                },
                reporter=self.client,
            )
        self._migrate("pre-api_key_mandate")
        self.assertEqual(
            self._told(big),
            {
                "reports_sale": False,
                "reports_shipment": True,
                "reports_event": False,
                "reports_others": False,
            },
        )
        # the largest it ever had: 9,000 in a document, 12,000 in a day
        self.assertEqual((big.document_quantity, big.day_quantity), (9000, 12000))
        self.assertEqual(big.day_amount, 1_000_000)
        self.assertTrue(new.reports_sale)
        self.assertFalse(new.reports_shipment)
        self.assertEqual(new.document_quantity, 1000)
        self.assertTrue(all(self._told(ours).values()))
        self.assertEqual(ours.day_quantity, 0)

    def test_two_spellings_of_one_number_keep_what_they_earned(self):
        documents = [self._record({"reference": f"N-{n}"})[0] for n in range(2)]
        self.env.flush_all()
        self.env.cr.execute(
            """
            ALTER TABLE b2b2c_external_document ALTER reference_key DROP NOT NULL;
            DROP INDEX b2b2c_external_document_once;
            UPDATE b2b2c_external_document SET reference_key = NULL
            """
        )
        for document, reference in zip(documents, ("A-1", "А‑1"), strict=True):
            self.env.cr.execute(
                "UPDATE b2b2c_external_document SET reference = %s WHERE id = %s",
                [reference, document.id],
            )
        self._migrate("pre-reference_key")
        self.assertEqual(documents[0].reference_key, "A-1")
        self.assertEqual(documents[1].reference_key, f"A-1 #{documents[1].id}")
