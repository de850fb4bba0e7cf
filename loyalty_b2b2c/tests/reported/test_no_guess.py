"""What is reported has one meaning, or it is refused in words that name both."""

from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from ...exceptions import AmbiguousPerson, IntakeError
from .test_intake import IntakeCommon

#: One article in every spelling of its number: UPC of 12 digits, EAN of 13, GTIN-14,
#: without its zero as spreadsheets keep it, and as printed.
UPC = (
    "036000291452",
    "0036000291452",
    "00036000291452",
    "36000291452",
    "0 36000 29145 2",
)


class NoGuessCommon(IntakeCommon):
    def _line(self, **values):
        """Changes of a report: one line."""
        return {"lines": [{"product": "PAPER", "quantity": 1, "amount": 1, **values}]}

    def _said(self, code, field, **changes):
        """Check that a report is refused, and return the sentence."""
        with self.assertRaises(IntakeError) as caught:
            self._record({"reference": "NG-1", **changes})
        self.assertEqual((caught.exception.code, caught.exception.field), (code, field))
        return str(caught.exception)

    def _product_of(self, product, number):
        """Return the product that a report of it gets."""
        document, _created = self._record(
            {"reference": f"P-{number}", **self._line(product=product)}
        )
        return document.line_ids.product_id


@tagged("post_install", "-at_install")
class TestFigures(NoGuessCommon):
    def test_a_text_with_two_readings_is_refused_with_both(self):
        for text, larger, smaller in (
            ("1.000", "1000", "1"),
            ("1,000", "1000", "1"),
            ("12,500", "12500", "12.5"),
            ("1.234", "1234", "1.2340"),
        ):
            for name in ("quantity", "amount", "amount_untaxed", "amount_total"):
                with self.subTest(text=text, name=name):
                    line = {"product": "PAPER", "quantity": 1, name: text}
                    message = self._said(
                        "ambiguous_number", f"lines.0.{name}", lines=[line]
                    )
                    self.assertIn(f"as {larger} or as {smaller};", message)
        self._refused("ambiguous_number", "amount", amount="1,000", lines=None)

    def test_a_text_with_one_reading_is_read(self):
        for number, (text, quantity) in enumerate(
            (
                ("2.0", 2),
                ("1 234,5", 1234.5),
                ("1.234,5", 1234.5),
                ("1,234,567", 1234567),
                ("0,125", 0.125),
                ("1.2340", 1.234),
                (1000, 1000),
                (1.234, 1.234),  # a number of JSON has one meaning
            )
        ):
            with self.subTest(text):
                document, _created = self._record(
                    {"reference": f"Q-{number}", **self._line(quantity=text)}
                )
                self.assertEqual(document.line_ids.quantity, quantity)


@tagged("post_install", "-at_install")
class TestMoments(NoGuessCommon):
    def test_iso_8601_with_dashes_is_the_only_form(self):
        for text in (
            "20260302",
            "20260302T101500",
            "2026-W10-1",
            "2026-061",
            "02.03.2026",
            "02/03/2026",
            "2026-3-2",
            "1999-12-31",
        ):
            with self.subTest(text):
                message = self._said("invalid_value", "occurred_at", occurred_at=text)
                self.assertIn(f"“{text}” is no date", message)
                self.assertIn("2026-03-31", message)

    def test_what_is_written_with_dashes_is_read(self):
        self.company.b2b2c_timezone = "America/New_York"
        with freeze_time("2026-03-05"):
            for number, (text, moment) in enumerate(
                (
                    ("2026-03-02", datetime(2026, 3, 2, 17)),  # noon in New York
                    ("2026-03-02T08:30", datetime(2026, 3, 2, 8, 30)),
                    ("2026-03-02T08:30:00.123Z", datetime(2026, 3, 2, 8, 30)),
                    ("2026-03-02 08:30:00+0200", datetime(2026, 3, 2, 6, 30)),
                    ("2026-03-02T08:30:00-05:30", datetime(2026, 3, 2, 14)),
                )
            ):
                with self.subTest(text):
                    document, _created = self._record(
                        {"reference": f"D-{number}", "occurred_at": text}
                    )
                    self.assertEqual(document.occurred_at, moment)


@tagged("post_install", "-at_install")
class TestTradeNumbers(NoGuessCommon):
    def test_each_spelling_finds_each_other(self):
        number = 0
        for stored in UPC[:4]:
            product = self._create_product(f"Soap {stored}", 10, barcode=stored)
            for spelled in UPC:
                for stated in (spelled, {"barcode": spelled}):
                    number += 1
                    with self.subTest(stored=stored, stated=stated):
                        self.assertEqual(self._product_of(stated, number), product)
            product.barcode = False

    def test_an_internal_reference_may_be_one(self):
        product = self._create_product("Soap", 10, default_code="4006381333931")
        self.assertEqual(self._product_of("04006381333931", 1), product)
        self.assertEqual(self._product_of({"sku": "4006381333931"}, 2), product)

    def test_a_wrong_check_digit_is_another_text(self):
        product = self._create_product("Soap", 10, barcode="036000291453")
        self.assertEqual(self._product_of("036000291453", 1), product)
        for spelled in ("0036000291453", "00036000291453", "36000291453"):
            message = self._said(
                "unknown_product", "lines.0.product", **self._line(product=spelled)
            )
            self.assertIn(spelled, message)

    def test_a_number_of_two_products_is_refused(self):
        one = self._create_product("Soap", 10, barcode="036000291452")
        other = self._create_product("Soap, old", 10, barcode="0036000291452")
        message = self._said(
            "ambiguous_product", "lines.0.product", **self._line(product=UPC[2])
        )
        self.assertIn("“00036000291452” can be Soap or Soap, old;", message)
        # the very text is one product's
        self.assertEqual(self._product_of("036000291452", 1), one)
        self.assertEqual(self._product_of("0036000291452", 2), other)
        # what is archived is not sold any more
        other.active = False
        self.assertEqual(self._product_of(UPC[2], 3), one)
        self.assertEqual(self._product_of("0036000291452", 4), one)

    def test_many_lines_are_looked_up_at_once(self):
        """As many statements for two hundred lines as for one."""
        for number in range(200):
            self._create_product(f"P{number}", 1, default_code=f"P{number}")

        def count(lines):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._record(
                {
                    "reference": f"L-{len(lines)}-{lines[0]}",
                    "lines": [{"product": code, "amount": 1} for code in lines],
                }
            )
            return self.env.cr.sql_log_count - before

        count(["PAPER"])  # fills the caches
        one = count(["P0"])
        self.assertLessEqual(count([f"P{number}" for number in range(200)]), one + 5)


@tagged("post_install", "-at_install")
class TestCodes(NoGuessCommon):
    def test_a_code_of_two_products(self):
        twin = self._create_product("Paper A4 again", 10, default_code="PAPER")
        message = self._said("ambiguous_product", "lines.0.product", **self._line())
        self.assertIn("Paper A4 again", message)
        stated = {"sku": "PAPER", "barcode": "4820000000017"}
        self.assertEqual(self._product_of(stated, 1), self.product)
        twin.active = False
        self.assertEqual(self._product_of("PAPER", 2), self.product)

    def test_the_code_of_one_is_the_barcode_of_another(self):
        other = self._create_product("Pen", 10, barcode="PAPER")
        self._said("ambiguous_product", "lines.0.product", **self._line())
        self.assertEqual(self._product_of({"sku": "PAPER"}, 1), self.product)
        self.assertEqual(self._product_of({"barcode": "PAPER"}, 2), other)

    def test_a_unit_of_two(self):
        unit = self.env.ref("uom.product_uom_unit")
        six, ten = self.env["uom.uom"].create(
            [
                {"name": "Crate", "relative_factor": 6, "relative_uom_id": unit.id},
                {"name": "crate", "relative_factor": 10, "relative_uom_id": unit.id},
            ]
        )
        message = self._said("ambiguous_uom", "lines.0.uom", **self._line(uom="Crate"))
        self.assertIn("Crate", message)
        # sold by the crate: the product's own is meant
        self._create_product("Beer", 10, default_code="BEER", uom_id=ten.id)
        document, _created = self._record(
            self._line(product="BEER", uom="Crate", quantity=1)
        )
        self.assertEqual(document.line_ids.product_uom_id, ten)
        self.assertNotEqual(six, ten)

    def test_a_company_of_two(self):
        """Three contacts, the first two of one company: no luck decides."""
        for parent in (self.client, self.client):
            parent.child_ids.create(
                {"name": "Desk", "email": "desk@example.com", "parent_id": parent.id}
            )
        partner = {"partner": {"email": "DESK@example.com"}}
        document, _created = self._record({"reference": "C-1", **partner})
        self.assertEqual(document.partner_id, self.client)
        self.env["res.partner"].create(
            {"name": "Desk", "email": "desk@example.com", "is_company": True}
        )
        message = self._said("ambiguous_partner", "partner", **partner)
        self.assertNotIn("Office Client", message)


@tagged("post_install", "-at_install")
class TestPeople(NoGuessCommon):
    """Petro has the phone of the counter where Olena stands."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.ua")
        cls.petro = cls._create_member(
            name="Petro", email="petro@example.com", phone="067 123-45-67"
        )

    def test_two_people_behind_one_address_are_never_the_first(self):
        for who in ("member", "seller"):
            for phone in ("+380671234567", "0671234567", "(067) 123 45 67"):
                with self.subTest(who=who, phone=phone):
                    message = self._said(
                        "ambiguous_member", who, **{who: {"phone": phone}}
                    )
                    self.assertIn("code", message)
        Member = self.env["b2b2c.member"]
        with self.assertRaises(AmbiguousPerson):
            Member._find_in_force(self.company, phone="0671234567")

    def test_what_tells_them_apart_is_enough(self):
        for number, (person, member) in enumerate(
            (
                ({"phone": "0671234567", "email": "Petro@Example.com"}, self.petro),
                ({"phone": "0671234567", "code": self.member.code}, self.member),
                ({"email": "olena@example.com"}, self.member),
            )
        ):
            document, _created = self._record(
                {"reference": f"M-{number}", "member": person}
            )
            self.assertEqual(document.member_id, member)

    def test_who_is_gone_is_nobody(self):
        self.petro.action_leave()
        document, _created = self._record({"member": {"phone": "0671234567"}})
        self.assertEqual(document.member_id, self.member)

    def test_two_memberships_are_one_person(self):
        self._create_member(partner_id=self.petro.partner_id.id, role="owner")
        document, _created = self._record({"member": {"email": "petro@example.com"}})
        self.assertEqual(document.member_id, self.petro)

    def test_one_email_of_two(self):
        self.petro.partner_id.write({"email": "OLENA@example.com", "phone": False})
        self.petro._see_addresses(self.petro.partner_id)
        self._said("ambiguous_member", "member", member={"email": "olena@EXAMPLE.com"})
