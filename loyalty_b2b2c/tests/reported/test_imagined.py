"""What a document would earn is what it earns, and nothing is written to know it."""

import random

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ...engine import TRIGGERS
from ...exceptions import IntakeError
from ..dealers.test_ladder import LadderCommon
from .test_intake import IntakeCommon


class PartnerCompanyCommon(IntakeCommon):
    """Another company of this database rewards our documents: 2 % in its own points.

    The same person takes part there, too.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_company = cls.env["res.company"].create(
            {"name": "Partner", "currency_id": cls.company.currency_id.id}
        )
        cls.partner_unit = cls.env["b2b2c.unit"].create(
            {"name": "Stars", "symbol": "★", "company_id": cls.partner_company.id}
        )
        cls.there = cls._create_member(
            partner_id=cls.member.partner_id.id, company_id=cls.partner_company.id
        )
        cls.partner_program = cls._create_program(
            {"name": "2 % at the partner's", "trigger": "paid", "value": 2},
            name="Partner Club",
            company_id=cls.partner_company.id,
            unit_id=cls.partner_unit.id,
            source_company_ids=[Command.set(cls.company.ids)],
        )

    def _preview(self, changes=None, **options):
        options = {"company": self.company, "channel": "api", **options}
        return self.intake._preview(self._values(**(changes or {})), **options)

    def _foreseen(self, preview):
        """Return (member, unit) -> (posted, pending) of a preview."""
        totals = {}
        for row in preview["awards"]:
            key = row["member_id"], row["unit_id"]
            posted, pending = totals.get(key, (0, 0))
            totals[key] = posted + row["points"], pending + row["points_pending"]
        return totals

    def _booked(self, document):
        """Process the outbox; return (member, unit) -> (posted, pending)."""
        self._process()
        return {
            (row["member_id"], row["unit_id"]): (row["points"], row["points_pending"])
            for row in self.intake._results(document)[document.id]
            if row["points"] or row["points_pending"]
        }


@tagged("post_install", "-at_install")
class TestImagined(PartnerCompanyCommon):
    def test_programs_of_other_companies_are_foreseen(self):
        """100.00: 5 points here, 2 stars there, for the same person."""
        self._create_program({"trigger": "paid"})
        expected = {
            (self.member.id, self.unit.id): (5, 0),
            (self.there.id, self.partner_unit.id): (2, 0),
        }
        preview = self._preview()
        self.assertEqual(self._foreseen(preview), expected)
        self.assertEqual(
            [row["program"] for row in preview["awards"]],
            ["Office Club", "Partner Club"],
        )
        document, _created = self._record()
        self.assertEqual(self._booked(document), expected)
        self.assertEqual(self._foreseen(self.intake._explain(document)), expected)

    def test_a_company_that_is_not_listed_is_not_asked(self):
        self.partner_program.source_company_ids = False
        self.assertEqual(self._preview(), {"awards": [], "refusals": []})

    def test_no_row_is_written_and_no_number_is_used_up(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT last_value FROM b2b2c_external_document_id_seq")
        before = self.env.cr.fetchone()
        sent = []
        execute = self.env.cr.execute

        def watch(query, *args, **kwargs):
            sent.append(str(getattr(query, "code", query)).strip().split()[0].upper())
            return execute(query, *args, **kwargs)

        self.env.cr.execute = watch
        try:
            self.assertTrue(self._preview()["awards"])
        finally:
            del self.env.cr.execute
        self.assertTrue(sent)
        self.assertLessEqual(set(sent), {"SELECT", "WITH"})
        self.env.cr.execute("SELECT last_value FROM b2b2c_external_document_id_seq")
        self.assertEqual(self.env.cr.fetchone(), before)
        self.assertFalse(self.env["b2b2c.external.document"].search_count([]))

    def test_a_document_that_would_only_have_come_further(self):
        """Confirmed and recorded before: what "paid" adds to it, and its limits."""
        self.partner_program.rule_ids.write({"trigger": "confirmed", "cap_member": 3})
        self._create_program({"trigger": "paid"}, {"name": "2", "trigger": "confirmed"})
        document, _created = self._record({"status": "confirmed"})
        self._process()
        expected = {
            (self.member.id, self.unit.id): (10, 0),
            (self.there.id, self.partner_unit.id): (2, 0),
        }
        self.assertEqual(self._foreseen(self._preview({"status": "paid"})), expected)
        self.assertEqual(document.status, "confirmed")
        self._record({"status": "paid"})
        self.assertEqual(self._booked(document), expected)

    def test_a_number_that_was_used_for_something_else(self):
        self._record()
        with self.assertRaises(IntakeError) as caught:
            self._preview({"lines": [{"product": "PAPER", "amount": 7}]})
        self.assertEqual(caught.exception.code, "reference_conflict")

    def test_the_limit_of_others_is_seen(self):
        """3 stars at most for the person; 2 were given already."""
        self.partner_program.rule_ids.cap_member = 3
        self._record()
        self._process()
        changes = {"reference": "T-101"}
        expected = {(self.there.id, self.partner_unit.id): (1, 0)}
        self.assertEqual(self._foreseen(self._preview(changes)), expected)
        document, _created = self._record(changes)
        self.assertEqual(self._booked(document), expected)


@tagged("post_install", "-at_install")
class TestForeseenIsBooked(PartnerCompanyCommon, LadderCommon):
    """Whatever is reported: the preview, the booking, and the preview afterwards agree.

    Rules with limits, tables, shares, holds, a budget, a dealer tier; both companies,
    two currencies, units of measure, products and amounts without one.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_currency_rate("CZK", 4)
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.dozen.active = True
        cls.pen = cls._create_product("Pen", 10, default_code="PEN")
        cls.owner, cls.seller, cls.other = (
            cls._create_member(
                name=name, email=f"{name}@example.com", phone=False, role=role
            )
            for name, role in (
                ("oksana", "owner"), ("stepan", "salesperson"), ("taras", "salesperson")
            )
        )  # fmt: skip
        steps = [
            {"start": 0, "kind": "percent", "value": 1},
            {"start": 200, "kind": "percent", "value": 3},
        ]
        shares = [
            {"role": "owner", "percent": 55},
            {"role": "salesperson", "pick": "split", "percent": 35},
        ]
        cls.program = cls._create_program(
            {"name": "Held", "hold": "until_paid", "value": 3.3},
            {"name": "Fixed", "kind": "fixed", "value": 4, "cap_member": 50},
            {"name": "Shares", "share_ids": [Command.create(row) for row in shares]},
            {"name": "Table", "kind": "table", "scope": "document",
             "step_ids": [Command.create(row) for row in steps]},
            {"name": "Seller", "role": "salesperson", "pick": "seller", "value": 2},
            {"name": "Tier", "kind": "tier", "trigger": "paid"},
            {"name": "Pens", "kind": "per_unit", "value": 2, "trigger": "delivered",
             "product_domain": "[('default_code', '=', 'PEN')]", "cap_document": 9},
            {"name": "Large", "amount_min": 150, "trigger": "invoiced"},
            {"name": "Days", "hold": "days", "hold_days": 14, "value": 1},
            budget_points=600,
        )  # fmt: skip
        cls.partner_program.rule_ids.cap_day = 10
        ladder = cls._create_ladder(benefit="both", start=False)
        ladder.tier_ids[0].bonus = 7
        ladder.action_start()
        with freeze_time("2026-01-01"):  # a tier counts for sales after it
            cls._create_dealer(ladder)

    def _any(self, chance, number):
        """Return a document that nobody would think of."""
        dozen = self.dozen.id
        lines = [
            {
                "product": chance.choice(["PAPER", "PEN", None]),
                "quantity": chance.choice([1, 2, "0.5", 12]),
                "uom": chance.choice([None, None, dozen]),
                "amount": chance.choice(["10", "99.99", "0.01", 150, 0]),
            }
            for _line in range(chance.randint(1, 4))
        ]
        people = [None, self.member.id, self.owner.id, self.seller.id]
        seller = chance.choice([None, self.seller.id, self.other.id])
        values = {
            "type": chance.choice(["sale", "sale", "shipment"]),
            "reference": f"R-{number}",
            "partner": {"ref": "C-1"},
            "member": {"id": member} if (member := chance.choice(people)) else None,
            "seller": {"id": seller} if seller else None,
            "status": chance.choice(TRIGGERS),
            "currency": chance.choice([None, "CZK"]),
            "lines": [
                {name: value for name, value in line.items() if value is not None}
                for line in lines
            ],
        }
        return {name: value for name, value in values.items() if value}

    def test_any_document(self):
        chance, totals = random.Random(12), []
        options = {"company": self.company, "channel": "api"}
        for number in range(60):
            values = self._any(chance, number)
            with self.subTest(values=values):
                preview = self._foreseen(self.intake._preview(values, **options))
                foreseen = {key: value for key, value in preview.items() if any(value)}
                document, _created = self.intake._record(values, **options)
                self.assertEqual(foreseen, self._booked(document))
                totals.append(sum(map(sum, foreseen.values())))
                again = self._foreseen(self.intake._explain(document))
                self.assertEqual(foreseen, again)
        self.assertGreater(sum(map(bool, totals)), 40)
        self.assertEqual(self.program.budget_left, 0)  # the last ones got the rest
