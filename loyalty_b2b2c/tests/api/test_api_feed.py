"""The feed of entries: who sees what, page by page, and after a restore.

That it misses nothing under fire is shown in ``tests/concurrency/test_api_feed.py``.
"""

from unittest.mock import patch

from odoo.tests import tagged

from ...models.api.b2b2c_ledger_entry import B2b2cLedgerEntryFeed
from ..reported.test_intake import IntakeCommon


@tagged("post_install", "-at_install")
class TestApiFeed(IntakeCommon):
    """Three sales of the client, two reported by a shop with a person of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_program({"trigger": "paid", "pick": "contact"})
        cls._create_program(
            {"trigger": "paid", "pick": "contact", "role": "customer", "value": 1},
            name="Customers",
        )
        cls.shop = cls.env["res.partner"].create({"name": "Shop", "is_company": True})
        cls.customer = cls._create_member(
            name="Daryna", email="daryna@example.com", phone=None, role="customer",
            employer_id=cls.shop.id,
        )  # fmt: skip
        # what a running transaction booked is not final: here it has to be
        horizon = patch.object(B2b2cLedgerEntryFeed, "_get_horizon", lambda self: 2**62)
        cls.startClassPatcher(horizon)

    def _sell(self, reference, member, reporter=None):
        """Record and book a sale of 100."""
        document, _created = self._record(
            {"reference": reference, "member": {"id": member.id}}, reporter=reporter
        )
        self._process()
        return document

    def _feed(self, reporter=None, after=None, limit=10, company=None):
        """Return (references told, the page)."""
        page = self.env["b2b2c.ledger.entry"]._get_feed(
            company or self.company,
            reporter=reporter or self.env["res.partner"],
            after=after,
            limit=limit,
        )
        told = [entry["document"] and entry["document"]["reference"]
                for entry in page["entries"]]  # fmt: skip
        return told, page

    def test_an_entry(self):
        self._sell("F-1", self.member)
        _told, page = self._feed()
        [entry] = page["entries"]
        booked = self._entries("earn")
        self.assertEqual(
            {name: entry[name] for name in ("id", "entry_type", "member_id", "role",
                                            "unit", "points", "program", "document")},
            {
                "id": booked.id,
                "entry_type": "earn",
                "member_id": self.member.id,
                "role": "employee",
                "unit": self.unit.name,
                "points": 5,
                "program": "Office Club",
                "document": {"type": "sale", "reference": "F-1"},
            },
        )  # fmt: skip
        self.assertNotIn("Olena", str(page))

    def test_page_by_page(self):
        for number in range(3):
            self._sell(f"F-{number}", self.member)
        told, page = self._feed(limit=2)
        self.assertEqual((told, page["has_more"]), (["F-0", "F-1"], True))
        told, page = self._feed(after=page["next"], limit=2)
        self.assertEqual((told, page["has_more"]), (["F-2"], False))
        told, again = self._feed(after=page["next"])
        self.assertEqual((told, again["next"]), ([], page["next"]))

    def test_a_reporter_sees_its_people_and_its_documents(self):
        self._sell("OURS", self.member)
        self._sell("THEIRS", self.member, reporter=self.shop)
        self._sell("CUSTOMER", self.customer)
        self.assertEqual(self._feed()[0], ["OURS", None, "CUSTOMER"])
        # the number of our document is not told, that its customer earned is
        self.assertEqual(self._feed(self.shop)[0], ["THEIRS", None])

    def test_another_company_sees_nothing(self):
        self._sell("F-1", self.member)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self._feed(company=other)[0], [])

    def test_a_restored_database_goes_on(self):
        """Another cluster numbers its transactions anew, from lower numbers."""
        entries = self.env["b2b2c.ledger.entry"]
        entries._set_feed_offset(10**12)
        self._sell("BEFORE", self.member)
        entries._set_feed_offset(0)
        entries._repair_feed()
        self._sell("AFTER", self.member)
        self.env.cr.execute("SELECT feed_position FROM b2b2c_ledger_entry ORDER BY id")
        [before], [after] = self.env.cr.fetchall()
        self.assertGreater(after, before)
        self.assertEqual(self._feed(after=f"{before}-999999999")[0], ["AFTER"])
