"""The start page says when pending points are expected, without asking anybody."""

from unittest.mock import patch

from lxml import html

from odoo.tests import HttpCase, tagged

from odoo.addons.loyalty_b2b2c.models.processing.judge import Judge

from .common import PortalCommon

PAGE = "/my/rewards"


@tagged("post_install", "-at_install")
class TestPortalWaiting(PortalCommon, HttpCase):
    """5 % of 1,000.00 each, pending for an order, an invoice and a reported sale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_program({"hold": "until_paid"})

    def _count(self):
        """Return how many statements the page takes, with warm caches."""
        self._get(PAGE)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._get(PAGE)
        return self.env.cr.sql_log_count - before

    def _report(self):
        document, _created = self.env["b2b2c.intake"]._record(
            {
                "type": "sale", "status": "confirmed", "reference": "R-1",
                "amount": 1000, "member": {"id": self.member.id},
            },
            company=self.company,
            channel="api",
        )  # fmt: skip
        return document

    def test_the_page_asks_the_judge_nothing(self):
        order, document = self._create_order(), self._report()
        self._process()
        with patch.object(Judge, "ask", side_effect=AssertionError("asked")):
            text = self._get(PAGE).text
        for name in (order.name, document.display_name):
            self.assertIn(f"50 pts when {name} is paid", text)

    def test_what_waits_costs_little(self):
        """When facts and engine ran for each page it was 20 and 27 statements."""
        nothing = self._count()
        self._create_order()
        self._process()
        one = self._count()
        self.assertLessEqual(one - nothing, 10)
        self._create_order()
        self._report()
        self._process()
        # of another order nothing, of another kind of document its names
        self.assertLessEqual(self._count() - one, 3)

    def _waiting(self):
        """Return what the page says of pending points."""
        page = html.fromstring(self._get(PAGE).content)
        return [
            " ".join(item.text_content().split())
            for item in page.xpath("//div[@class='o_b2b2c_balance']//li//li")
        ]

    def test_a_day_that_moves_is_shown(self):
        order = self._create_order()
        order.date_order = "2030-03-01 10:00:00"
        self._process()
        promise = f"50 pts when {order.name} is paid"
        # without terms it is due on its own day: nobody promised that
        self.assertEqual(self._waiting(), [promise])
        order.payment_term_id = self.env.ref("account.account_payment_term_30days")
        self._process()
        self.assertEqual(self._waiting(), [f"{promise}, expected on Mar 31, 2030"])
