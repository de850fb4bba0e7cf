from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common import SettlementCommon

CENT = Decimal("0.01")


@tagged("post_install", "-at_install")
class TestSettlementOracle(SettlementCommon):
    """Settled, apart and open together are the ledger, to the cent, over twelve months
    of sales, returns, rates that change, and disputes.

    The oracle knows no query: it keeps a list of what was done.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.action_end()
        cls.account._earn(1_000_000, source_key="oracle/start")
        cls.partner = cls.env["res.partner"].create(
            {"name": "Oracle", "is_company": True, "email": "o@oracle.example.com"}
        )

    def _begin(self, random):
        """Begin a year: a rate for each quarter."""
        self.rates = [
            (
                date(2025, month, 1),
                Decimal(random.choice(["0.05", "0.033", "0.071"])),
                random.choice([0, 33, 50, 75]),
                random.choice([90, 97, 100]),
            )
            for month in (1, 4, 7, 10)
        ]
        self.agreement = self._create_agreement(
            self.partner,
            starts_on="2025-01-01",
            rate_ids=[
                Command.create(
                    {
                        "unit_id": self.unit.id,
                        "valid_from": day,
                        "point_value": float(value),
                        "earned_percent": earned,
                        "spent_percent": spent,
                    }
                )
                for day, value, earned, spent in self.rates
            ],
        )
        self.sales = []  # [day, points that count now, entry]
        self.payments = []  # [day, money that counts now, payment]

    def _get_truth(self):
        """Return what the whole ledger comes to: he owes us, we owe him."""
        owes = owed = Decimal(0)
        for day, points, *_rest in self.sales:
            _from, value, percent, _spent = self._get_rate_on(day)
            owes += self._round(points * value * percent / 100)
        for day, money, *_rest in self.payments:
            percent = self._get_rate_on(day)[3]
            owed += self._round(money * percent / 100)
        return owes, owed

    def _get_rate_on(self, day):
        return [rate for rate in self.rates if rate[0] <= day][-1]

    def _round(self, amount):
        return amount.quantize(CENT, ROUND_HALF_UP)

    def _act(self, random, day):
        """Do one thing on a day."""
        what = random.choice(["sell", "sell", "pay", "return", "refund"])
        if what == "sell":
            points = random.randint(1, 999)
            self.sales.append([day, points, self._sell(points, str(day), self.partner)])
        elif what == "pay":
            money = Decimal(random.randint(1, 5000)) / 100
            spend = self._pay(money, str(day), self.partner)
            self.payments.append([day, money, spend])
        elif what == "return" and self.sales:
            sale = random.choice(self.sales)
            if sale[1]:
                points = random.randint(1, sale[1])
                self._take_back(sale[2], points, str(day))
                sale[1] -= points
        elif what == "refund" and self.payments:
            payment = random.choice(self.payments)
            if payment[1]:
                money = Decimal(random.randint(1, int(payment[1] * 100))) / 100
                key = f"{payment[2].id}/{payment[1]}"
                self._give_back(payment[2], money, str(day), key)
                payment[1] -= money

    def _check(self):
        """Compare the books with the list."""
        owes, owed = self._get_truth()
        lines = self.env["b2b2c.settlement.line"].search(
            [("agreement_id", "=", self.agreement.id)]
        )
        made_good = lines.filtered("dispute_id")
        sums = {
            side: sum(
                (
                    Decimal(str(line.amount))
                    for line in lines - made_good
                    if line.side == side
                ),
                Decimal(0),
            )
            for side in ("earned", "spent")
        }
        open_ = self.settlements._preview(self.agreement, date(2026, 1, 31))
        waiting = lines.filtered(
            lambda line: not line.counted_in_id and not line.is_disputed
        )
        for side, truth in (("earned", owes), ("spent", owed)):
            left = open_.get((self.agreement.id, side), (0, Decimal(0), 0))[1]
            left -= sum(
                Decimal(str(line.amount)) for line in waiting if line.side == side
            )
            self.assertEqual(sums[side] + left, truth, side)
        counted = lines.filtered("counted_in_id")
        for settlement in lines.counted_in_id:
            own = counted.filtered(lambda line, it=settlement: line.counted_in_id == it)
            total = sum(
                Decimal(str(line.amount)) * (1 if line.side == "earned" else -1)
                for line in own
            )
            self.assertEqual(self._round(Decimal(str(settlement.net_amount))), total)

    def _settle_month(self, random, month):
        """Settle a month, and argue about some of it."""
        last = date(2025, month, monthrange(2025, month)[1])
        with patch(
            "odoo.addons.loyalty_b2b2c.models.settlements"
            ".b2b2c_settlement_drafting.get_today",
            lambda company: last + timedelta(days=1),
        ):
            settlement = self.settlements.with_user(self.maker)._draft(
                self.agreement.sudo(), last.replace(day=1), last
            )
        if not settlement:
            return
        self._send(settlement)
        disputes = self.env["b2b2c.settlement.dispute"]
        for line in settlement.line_ids.sudo().filtered(lambda one: not one.dispute_id):
            if random.random() < 0.2:
                disputes |= disputes._open(line, "no", self.maker)
        is_early = random.random() < 0.5
        if is_early:
            self._agree(settlement)
        for dispute in disputes.with_user(self.officer):
            dispute.answer = "so it is"
            answer = random.choice(["action_accept", "action_refuse", None])
            if answer:
                getattr(dispute, answer)()
        if not is_early:
            self._agree(settlement)

    def test_settled_and_open_are_the_ledger(self):
        for seed in range(2):
            random = Random(seed)
            with self.subTest(seed=seed):
                self._begin(random)
                for month in range(1, 13):
                    days = monthrange(2025, month)[1]
                    for _number in range(random.randint(3, 8)):
                        self._act(random, date(2025, month, random.randint(1, days)))
                    self._settle_month(random, month)
                    self._check()
                self.agreement.action_end()
                self.agreement.ends_on = self.agreement.starts_on
                self.agreement.state = "draft"
