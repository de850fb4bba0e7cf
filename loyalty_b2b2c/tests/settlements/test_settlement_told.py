"""The partner's system hears of its settlements, and of nobody else's."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ...models.api.b2b2c_ledger_entry import B2b2cLedgerEntryFeed
from .common import SettlementCommon


@tagged("post_install", "-at_install")
class TestSettlementTold(SettlementCommon):
    def _create_stream(self, reporter):
        """Return what a system of a partner is told of settlements."""
        key = self.env["b2b2c.api.key"].create(
            {"name": "Books", "reporter_id": reporter.id, "can_read": True}
        )
        webhook = self.env["b2b2c.webhook"].create(
            {
                "name": "Books",
                "key_id": key.id,
                "url": "https://books.example.com",
                "stream_ids": [Command.create({"kind": "settlements"})],
            }
        )
        return webhook.stream_ids

    def test_what_was_sent_and_agreed_is_told(self):
        stranger = self.env["res.partner"].create(
            {"name": "Stranger", "is_company": True}
        )
        theirs, others = map(self._create_stream, (self.jeweller, stranger))
        (theirs | others).cursor = "0-0"
        self._sell(100, "2026-10-02")  # 100 × 0.05 × 50 %
        self._sell(100, "2026-10-03")
        settlement = self._send(self._settle())
        line = settlement.line_ids.sorted("id")[-1].sudo()
        self.env["b2b2c.settlement.dispute"]._open(line, "No", self.maker)
        self._agree(settlement)
        settlement.sudo()._book()  # neither is a step that is told
        with patch.object(B2b2cLedgerEntryFeed, "_get_horizon", lambda self: 2**62):
            told, others_told = theirs._read(), others._read()
        self.assertEqual([event["state"] for event in told.events], ["sent", "agreed"])
        self.assertFalse(others_told.events)
        facts = self.env["b2b2c.webhook.fact"].search(
            [("kind", "=", "settlements")], order="id"
        )
        self.assertEqual({f.payload["settlement"] for f in facts}, {settlement.name})
        self.assertEqual([f.payload["earned_amount"] for f in facts], [5, 2.5])
        self.assertEqual(facts.partner_id, self.jeweller)
