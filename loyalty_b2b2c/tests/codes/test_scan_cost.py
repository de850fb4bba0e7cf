"""What a scan costs: statements, and a phone waits for each of them."""

from odoo.tests import tagged

from ...engine.product_code import new_codes
from .test_scan import ScanCommon


@tagged("post_install", "-at_install")
class TestScanCost(ScanCommon):
    def _count_statements(self, text):
        """Return the status of a scan and how many statements it took.

        The language is the page's, as in the call of a phone.
        """
        self.env.invalidate_all()
        env = self.env(context={**self.env.context, "lang": "en_US"})
        scan = {"text": text, "key": f"key-of-{text}"}
        before = self.cr.sql_log_count
        [answer] = env["b2b2c.scan"]._take_all(self.seller.with_env(env), [scan])
        return answer["status"], self.cr.sql_log_count - before

    def test_statements_of_a_scan(self):
        """Six take the code: membership, shop, the code with all around it, the
        counter of the hour, neighbours, the claim. Eight book it: two of the savepoint,
        people of the shop, accounts, ledger, message, open pages, event. The last one
        asks what it brought."""
        codes = self._codes().mapped("code")
        self._count_statements(codes[0])  # what a process reads once
        self.assertEqual(self._count_statements(codes[1]), ("credited", 6 + 8 + 1))

    def test_statements_of_a_wrong_code(self):
        """Membership, shop, the code, the counters of wrong ones, the attempt."""
        codes = new_codes(2)
        self._count_statements(codes[0])
        self.assertEqual(self._count_statements(codes[1]), ("refused", 5))
