"""What happened outside: recorded once, checked, previewed, cancelled."""

from decimal import Decimal

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ...exceptions import IntakeError
from ...models.people.member_code import ALPHABET, new_code, read_code, shown_code
from ..common import LoyaltyCommon


class IntakeCommon(LoyaltyCommon):
    """Five per cent of what is paid, for the employee; a product with a code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.write({"default_code": "PAPER", "barcode": "4820000000017"})
        cls.client.write({"ref": "C-1"})
        cls.intake = cls.env["b2b2c.intake"]

    def _values(self, **changes):
        """A sale of two packs at 50.00 to the employee of the client."""
        return {
            "type": "sale",
            "reference": "T-100",
            "occurred_at": "2026-03-10T10:00:00+02:00",
            "member": {"email": "olena@example.com"},
            "lines": [{"product": "PAPER", "quantity": 2, "amount": 100}],
            **changes,
        }

    def _record(self, changes=None, **options):
        options = {"company": self.company, "channel": "api", **options}
        return self.intake._record(self._values(**(changes or {})), **options)

    def assertBalance(self, available=0, pending=0):
        """Process the outbox and compare the member's balances; no debt."""
        self.assertEqual(self._balances(), (available, pending, 0))

    def _refused(self, code, field=None, **changes):
        """Check that a document is refused and leaves nothing behind."""
        before = self.env["b2b2c.external.document"].search_count([])
        with self.assertRaises(IntakeError) as caught:
            self._record(changes)
        self.assertEqual((caught.exception.code, caught.exception.field), (code, field))
        self.assertTrue(str(caught.exception))
        self.assertEqual(self.env["b2b2c.external.document"].search_count([]), before)


@tagged("post_install", "-at_install")
class TestIntake(IntakeCommon):
    def test_a_paid_sale_is_credited(self):
        self._create_program({"trigger": "paid"})
        document, created = self._record()
        self._process()
        self.assertTrue(created)
        self.assertEqual(document.partner_id, self.client)
        self.assertEqual(document.occurred_at.isoformat(), "2026-03-10T08:00:00")
        self.assertEqual(document.amount_total, 100)
        # 5 % of 100
        self.assertBalance(available=5)
        self.assertEqual(
            self.intake._results(document)[document.id],
            [
                {
                    "member_id": self.member.id,
                    "member_name": "Olena Kovalenko",
                    "unit": self.unit.name,
                    "unit_id": self.unit.id,
                    "points": Decimal(5),
                    "points_pending": Decimal(0),
                }
            ],
        )

    def test_a_number_is_one_in_every_spelling(self):
        """Look-alike letters, dashes and forms: recorded once, refused then."""
        self._create_program({"trigger": "paid"})
        document, _created = self._record({"reference": "AB-12"})
        for spelling in ("ab-12", "АВ-12", "AB‑12", "ＡＢ－１２", "AB\u2212١٢"):
            with self.subTest(spelling=spelling):
                found = self.intake._find_document(self.company, "sale", spelling)
                self.assertEqual(found, document)
                if spelling != "ab-12":
                    self._refused("reference_conflict", "reference", reference=spelling)
        # another number, and the same one of another reporter, are others
        self._record({"reference": "AB-13"})
        self._record({"reference": "AB-12"}, reporter=self.client)
        self.assertBalance(available=15)

    def test_the_same_document_again_adds_nothing(self):
        self._create_program({"trigger": "paid"})
        first, _created = self._record()
        again, created = self._record()
        self._process()
        self.assertEqual((again, created), (first, False))
        # numbers are compared as people write them
        again, created = self._record({"reference": " t-100 "})
        self.assertEqual((again, created), (first, False))
        self.assertBalance(available=5)

    def test_another_document_under_the_same_number_is_refused(self):
        self._record()
        self._refused("reference_conflict", "reference", amount=1, lines=None)

    def test_two_reporters_have_numbers_of_their_own(self):
        distributor = self.env["res.partner"].create(
            {"name": "Distributor", "is_company": True}
        )
        _one, created = self._record()
        _two, also_created = self._record(reporter=distributor)
        self.assertTrue(created and also_created)

    def test_a_sale_comes_further(self):
        self._create_program({"trigger": "confirmed", "hold": "until_paid"})
        self._record({"status": "confirmed"})
        self.assertBalance(pending=5)
        self._record({"status": "paid"})
        self.assertBalance(available=5)
        # a late copy of the first document takes nothing back
        self._record({"status": "confirmed"})
        self.assertBalance(available=5)

    def test_a_shipment_is_delivered_not_paid(self):
        self._create_program(
            {"trigger": "delivered", "kind": "per_unit", "value": 3},
            {"trigger": "paid", "value": 50},
        )
        self._record(
            {
                "type": "shipment",
                "member": None,
                "partner": {"ref": "C-1"},
                "lines": [{"product": "4820000000017", "quantity": 4}],
            }
        )
        # 4 units at 3 points; the paid rule waits for a payment nobody reports
        self.assertBalance(available=12)

    def test_an_amount_without_products(self):
        self._create_program({"trigger": "paid"})
        self._record({"lines": None, "amount": "70.00"})
        # 5 % of 70 is 3.5, rounded down
        self.assertBalance(available=3)

    def test_a_cancelled_document_is_taken_back(self):
        self._create_program({"trigger": "paid"})
        document, _created = self._record()
        self._process()
        self.assertTrue(self.intake._cancel(document, reason="Wrong customer"))
        self.assertFalse(self.intake._cancel(document, reason="Again"))
        self.assertBalance()
        self.assertEqual(document.cancel_reason, "Wrong customer")

    def test_a_named_person_earns_at_any_shop(self):
        self._create_program({"trigger": "paid", "pick": "contact"})
        other = self.env["res.partner"].create(
            {"name": "Another Shop", "is_company": True, "vat": "UA1234"}
        )
        document, _created = self._record({"partner": {"id": other.id}})
        self._process()
        self.assertEqual(document.partner_id, other)
        self.assertBalance(available=5)

    def test_the_seller_is_who_the_till_says(self):
        """Not who was enrolled first; and who sells there may buy here."""
        self._create_program({"role": "salesperson", "pick": "seller"})
        first, second = (
            self._create_member(
                name=name, email=f"{name}@shop.example", phone=None, role="salesperson"
            )
            for name in ("sofia", "nazar")
        )
        self._record({"member": None, "seller": {"email": "nazar@shop.example"}})
        self._process()
        balances = [
            self._account(member).balance_available for member in (first, second)
        ]
        self.assertEqual(balances, [0, 5])
        buyer = self._create_member(
            partner_id=second.partner_id.id, role="customer",
            enrolled_at="2020-02-02 00:00:00",
        )  # fmt: skip
        document, _created = self._record(
            {"reference": "T-101", "member": {"email": "nazar@shop.example"}}
        )
        self.assertEqual(document.member_id, buyer)

    def test_a_customer_buys_where_the_till_stands(self):
        """Not at the shop that enrolled her."""
        shop = self.env["res.partner"].create({"name": "Shop", "is_company": True})
        customer = self._create_member(
            name="Daryna", email="daryna@example.com", phone=None, role="customer"
        )
        for number, (member, options, place) in enumerate(
            (
                (customer, {"reporter": shop}, shop),
                (customer, {}, self.client),
                (self.member, {"reporter": shop}, self.client),
            )
        ):
            document, _created = self._record(
                {"reference": f"P-{number}", "member": {"id": member.id}}, **options
            )
            self.assertEqual(document.partner_id, place)

    def test_settled_in_the_same_transaction(self):
        self._create_program({"trigger": "paid"})
        document, _created = self._record()
        self.intake._settle(document)
        self.assertBalance(available=5)
        self.assertFalse(
            self.env["b2b2c.event"].search([("state", "=", "new")], limit=1)
        )

    def test_preview_writes_nothing(self):
        self._create_program(
            {"trigger": "paid"}, {"name": "Owners", "role": "owner", "value": 1}
        )
        before = self.env["b2b2c.event"].search_count([])
        preview = self.intake._preview(
            self._values(), company=self.company, channel="terminal"
        )
        [award], [refusal] = preview["awards"], preview["refusals"]
        self.assertEqual(
            (award["member_id"], award["points"], award["points_pending"]),
            (self.member.id, 5, 0),
        )
        self.assertEqual(refusal["rule"], "Owners")
        self.assertIn("Nobody is enrolled", refusal["reason"])
        self.assertFalse(self.env["b2b2c.external.document"].search_count([]))
        self.assertEqual(self.env["b2b2c.event"].search_count([]), before)
        self.assertBalance()

    def test_preview_of_a_bad_report_leaves_the_transaction_usable(self):
        with self.assertRaises(IntakeError):
            self.intake._preview(
                self._values(amount="x", lines=None),
                company=self.company,
                channel="terminal",
            )
        self._record()

    def test_a_sale_before_enrolment_is_recorded_and_earns_nothing(self):
        self._create_program({"trigger": "paid"})
        self.member.enrolled_at = "2026-03-11 00:00:00"
        document, created = self._record()
        self._process()
        self.assertTrue(created)
        self.assertBalance()
        [refusal] = self.intake._explain(document)["refusals"]
        self.assertIn("after the document", refusal["reason"])

    def test_other_currency(self):
        self._create_program({"trigger": "paid"})
        currency = self._create_currency_rate("CZK", 4)  # 4 CZK are one of ours
        self._record({"currency": currency.name})
        # 100 CZK are 25: 5 % is 1.25, rounded down
        self.assertBalance(available=1)

    def test_what_is_refused(self):
        sale = {"product": "PAPER", "quantity": 1, "amount": 1}
        for code, field, changes in (
            ("unknown_type", "type", {"type": "gift"}),
            ("missing_value", "type", {"type": None}),
            ("missing_value", "reference", {"reference": "  "}),
            ("invalid_value", "reference", {"reference": "x" * 65}),
            ("invalid_value", "reference", {"reference": "a\x00b"}),
            ("invalid_value", "reference", {"reference": ["a"]}),
            ("invalid_value", "surprise", {"surprise": 1}),
            ("future_date", "occurred_at", {"occurred_at": "2999-01-01T00:00:00Z"}),
            ("invalid_value", "occurred_at", {"occurred_at": "yesterday"}),
            ("invalid_value", "occurred_at", {"occurred_at": "0001-01-01T00:00+14:00"}),
            ("invalid_value", "status", {"status": "lost"}),
            ("unknown_currency", "currency", {"currency": "ZZZ"}),
            ("unknown_member", "member", {"member": {"phone": "+380501111111"}}),
            ("unknown_member", "member", {"member": {"phone": "no phone"}}),
            ("unknown_member", "member", {"member": {"id": 2**31 - 1}}),
            ("invalid_value", "member.id", {"member": {"id": 2**31}}),
            ("invalid_value", "member.name", {"member": {"name": "Olena"}}),
            ("invalid_value", "member", {"member": "Olena"}),
            ("unknown_partner", "partner", {"partner": {"ref": "nobody"}}),
            ("missing_value", "lines", {"lines": []}),
            ("invalid_value", "amount", {"amount": 5}),
            ("too_many_lines", "lines", {"lines": [sale] * 1001}),
            ("invalid_value", "lines.0", {"lines": ["PAPER"]}),
            ("unknown_product", "lines.1.product", {"lines": [sale, {"product": "?"}]}),
            ("unknown_uom", "lines.0.uom", {"lines": [dict(sale, uom="parsec")]}),
            ("uom_mismatch", "lines.0.uom", {"lines": [dict(sale, uom="kg")]}),
            ("quantity_out_of_range", "lines.0.quantity",
             {"lines": [dict(sale, quantity=1e12)]}),
            ("quantity_out_of_range", "lines.0.quantity",
             {"lines": [dict(sale, quantity=0)]}),
            ("quantity_out_of_range", "lines.0.quantity",
             {"lines": [dict(sale, quantity=-1)]}),
            ("invalid_value", "lines.0.quantity",
             {"lines": [dict(sale, quantity=float("nan"))]}),
            ("invalid_value", "lines.0.quantity",
             {"lines": [dict(sale, quantity=True)]}),
            ("amount_out_of_range", "lines.0.amount",
             {"lines": [dict(sale, amount="1e300")]}),
            ("amount_out_of_range", "lines.0.amount",
             {"lines": [dict(sale, amount=-5)]}),
        ):  # fmt: skip
            with self.subTest(code=code, field=field):
                self._refused(code, field, **changes)

    def test_a_currency_without_rate_is_refused(self):
        currency = self._create_currency_rate("CZK")
        self._refused("no_exchange_rate", "currency", currency=currency.name)

    def test_unknown_and_not_enrolled_are_one_answer(self):
        """Nobody learns from us who takes part."""
        texts = set()
        self.member.action_leave()
        for person in ({"email": "olena@example.com"}, {"email": "nobody@example.com"}):
            with self.assertRaises(IntakeError) as caught:
                self._record({"member": person})
            texts.add((caught.exception.code, str(caught.exception)))
        self.assertEqual(len(texts), 1)

    def test_only_an_officer_cancels(self):
        document, _created = self._record()
        user = self._create_user("user", "loyalty_b2b2c.group_user")
        with self.assertRaisesRegex(Exception, "officer"):
            document.with_user(user).action_cancel()
        officer = self._create_user("officer", "loyalty_b2b2c.group_officer")
        document.with_user(officer).action_cancel()
        self.assertEqual(document.state, "cancelled")
        self.assertEqual(document.cancelled_by_id, officer)

    @freeze_time("2026-05-01 12:00:00")
    def test_a_clock_that_is_a_little_ahead(self):
        document, _created = self._record({"occurred_at": "2026-05-01T12:09:00Z"})
        self.assertEqual(document.occurred_at, fields.Datetime.now())
        self._refused(
            "future_date",
            "occurred_at",
            reference="T-2",
            occurred_at="2026-05-01T12:11:00Z",
        )

    def test_a_day_is_the_same_day_whenever_it_is_sent(self):
        self.company.b2b2c_timezone = "Europe/Kyiv"
        for clock, moment in (
            # noon in Kyiv is 09:00 UTC in summer; before it, the day is "now"
            ("2026-05-01 05:00:00", "2026-05-01T05:00:00"),
            ("2026-05-01 20:00:00", "2026-05-01T05:00:00"),
        ):
            with freeze_time(clock):
                document, _created = self._record({"occurred_at": "2026-05-01"})
            self.assertEqual(document.occurred_at.isoformat(), moment)
        document, _created = self._record(
            {"occurred_at": "2026-01-15", "reference": "T-101"}
        )
        self.assertEqual(document.occurred_at.isoformat(), "2026-01-15T10:00:00")
        with freeze_time("2026-05-01 05:00:00"):
            self._refused(
                "future_date", "occurred_at", reference="T-9", occurred_at="2026-05-02"
            )

    @freeze_time("2026-05-01 12:00:00")
    def test_a_clock_ahead_repeats_itself(self):
        values = {"occurred_at": "2026-05-01T12:05:00Z"}
        document, _created = self._record(values)
        with freeze_time("2026-05-01 12:30:00"):
            again, created = self._record(values)
        self.assertEqual((again, created), (document, False))


@tagged("post_install", "-at_install")
class TestMemberCode(IntakeCommon):
    def test_every_participant_has_a_code(self):
        other = self._create_member(name="Petro", email="petro@example.com", phone=None)
        self.assertEqual(len({self.member.code, other.code}), 2)
        code = f"m:{self.member.code}"
        found = self.env["b2b2c.member"]._find_in_force(self.company, code=code)
        self.assertEqual(found, self.member)

    def test_a_renewed_code_replaces_the_old_one(self):
        old = self.member.code
        self.member.action_renew_code()
        members = self.env["b2b2c.member"]
        self.assertFalse(members._find_in_force(self.company, code=old))
        self.assertEqual(
            members._find_in_force(self.company, code=self.member.code), self.member
        )

    def test_look_alikes_are_read_back(self):
        self.assertEqual(read_code("oil0-1234 5678-9abc"), "0110123456789ABC")
        self.assertEqual(read_code("M:0110123456789ABC"), "0110123456789ABC")
        for wrong in ("", None, "M:", "0110123456789AB", "U" * 16, "А" * 16):
            self.assertIsNone(read_code(wrong))

    def test_codes_read_back(self):
        code = new_code()
        self.assertEqual((len(code), set(code) <= set(ALPHABET)), (16, True))
        self.assertEqual(read_code(shown_code(code)), code)

    def test_columns_of_an_older_version_are_filled_one_by_one(self):
        other = self._create_member(name="Petro", email="petro@example.com", phone=None)
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE b2b2c_member ALTER code DROP NOT NULL")
        self.env.cr.execute("UPDATE b2b2c_member SET code = NULL")
        self.env["b2b2c.member"]._init_column("code")
        self.env.invalidate_all()
        self.assertTrue(self.member.code and other.code)
        self.assertNotEqual(self.member.code, other.code)
