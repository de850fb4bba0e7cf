"""Hot paths cost a fixed number of queries, whatever grows."""

from odoo.tests import tagged, warmup

from ..common import LoyaltyCommon

#: Claim, facts, booked, one insert, closing: whatever the number of rules and lines.
QUERIES_PER_ORDER = 25


@tagged("post_install", "-at_install")
class TestQueryCount(LoyaltyCommon):
    def tearDown(self):
        self.assertBooksRight()
        super().tearDown()

    @warmup
    def test_balances_of_100_accounts(self):
        accounts = self.env["b2b2c.account"]
        for number in range(100):
            member = self._create_member(name=f"No {number}", email=f"{number}@x.com")
            accounts |= member._get_account(self.unit)
        self.env.flush_all()
        with self.assertQueryCount(1):
            accounts._get_balances()
        with self.assertQueryCount(1):
            accounts.mapped("balance_available")

    @warmup
    def test_order_with_20_rules(self):
        self._create_program(*({"name": str(n)} for n in range(20)), notify=False)
        self._process_first()
        self._create_order()
        self.assertProcessedIn(QUERIES_PER_ORDER)
        self.assertEqual(len(self._entries()), 40)

    @warmup
    def test_order_with_20_lines(self):
        self._create_program({}, notify=False)
        self._process_first()
        self._create_lines_order(*[(self.product, 1, 100.0)] * 20)
        self.assertProcessedIn(QUERIES_PER_ORDER)
        self.assertEqual(len(self._entries()), 21)

    def _process_first(self):
        """Load the rules into the cache: a server does it once."""
        self._create_order()
        self._process()

    def assertProcessedIn(self, queries):
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(queries):
            self.env["b2b2c.event"]._process_now()
