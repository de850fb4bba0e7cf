"""Random trees, purchases and returns: the ledger says what a plain program says."""

import random
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from odoo.tests import tagged

from ...engine import (
    DocumentFact,
    LineFact,
    Measure,
    MemberFact,
    Program,
    Rounding,
    Rule,
    evaluate,
)
from ...values import UTC
from .common import ReferralCommon
from .oracle import Oracle

_START = datetime(2026, 1, 1, tzinfo=UTC)


def play(seed):
    """Play one history with the engine and with the oracle.

    :return: (points of the engine, points of the oracle), person -> points
    """
    chance = random.Random(seed)
    levels, rate = chance.randint(1, 5), chance.randint(1, 30)
    decay, pool = chance.randint(1, 99), chance.randint(1, 40)
    oracle = Oracle(levels, rate, decay, pool)
    people = range(chance.randint(2, 9))
    for hour in range(chance.randint(1, 12)):
        one, other = chance.sample(people, 2)
        oracle.bring(one, other, _START + timedelta(hours=hour))
    if chance.random() < 0.3:
        at = _START + timedelta(hours=chance.randint(0, 20))
        oracle.suspend(chance.choice(people), at)
    rule = Rule(
        id=1,
        name="Who brought the customer",
        role="recommender",
        pick="referrer",
        levels=levels,
        decay=Decimal(decay),
        value=Decimal(rate),
        document_kinds=frozenset({"sale.order"}),
    )
    program = Program(1, "P", 1, Rounding(), referral_pool=Decimal(pool), rules=(rule,))
    found, expected = Counter(), Counter()
    for number in range(chance.randint(1, 6)):
        buyer = chance.choice(people)
        at = _START + timedelta(hours=chance.randint(0, 20))
        sold = Fraction(chance.randint(1, 500000), 100)
        kept = sold - Fraction(chance.choice([0, 0, 30, 100]), 100) * sold
        expected.update(oracle.count(buyer, at, kept))
        facts = _tell(oracle, buyer, at, kept, number)
        for award in evaluate(facts, [program], lambda _scope: Decimal(0), at).awards:
            found[award.member_id] += int(award.points_total)
    return +found, +expected


def _tell(oracle, buyer, at, kept, number):
    """Return a purchase as a fact for the engine."""
    members = tuple(
        MemberFact(
            member_id=person,
            role="recommender",
            employer_id=1,
            enrolled_at=_START - timedelta(days=9),
            left_at=oracle.absent.get(person),
            referral_level=level,
        )
        for level, person in enumerate(oracle.get_line(buyer, at), start=1)
    )
    measure = Measure(Fraction(1 if kept else 0), kept, kept, at)
    line = LineFact(f"sale.order.line,{number}", 1, 1, {"confirmed": measure})
    return DocumentFact(
        key=f"sale.order,{number}",
        occurred_at=at,
        company_id=1,
        partner_id=99,
        commercial_partner_id=99,
        lines=(line,),
        members=members,
        kind="sale.order",
    )


@tagged("post_install", "-at_install")
class TestReferralOracle(ReferralCommon):
    def test_the_engine_says_what_the_oracle_says(self):
        for seed in range(300):
            found, expected = play(seed)
            self.assertEqual(found, expected, f"seed {seed}")

    def test_the_oracle_notices_a_wrong_level(self):
        """A control: what forgets the decay is another figure in many histories."""
        wrong = 0
        for seed in range(60):
            chance = Oracle.count
            try:
                Oracle.count = _forget_decay
                found, expected = play(seed)
            finally:
                Oracle.count = chance
            wrong += found != expected
        self.assertGreater(wrong, 5)

    def test_the_ledger_says_what_the_oracle_says(self):
        """One random tree in the database, with purchases and returns."""
        chance = random.Random(18)
        self.program.action_close()
        rule = {"role": "recommender", "pick": "referrer", "value": 10}
        program = self._create_program(
            {**rule, "level_count": 4, "level_decay": 40}, name="Chain"
        )
        program.referral_pool = 13
        self.campaign.write({"program_id": program.id, "limit_day": 0})
        people = [self._create_recommender(f"Person{n} Last{n}") for n in range(8)]
        links = [self._get_link(person) for person in people]
        oracle = Oracle(4, 10, 40, 13)
        at = datetime(2024, 1, 1)
        for _time in range(12):
            one, other = sorted(chance.sample(range(8), 2))
            self.referrals._bind(links[one], people[other].partner_id, "join", at=at)
            oracle.bring(one, other, at)
        orders = []
        for number in range(10):
            buyer, amount = chance.randrange(8), chance.randint(1, 9)
            partner = people[buyer].partner_id
            orders.append((buyer, self._buy(partner, quantity=amount), number % 3))
        expected = Counter()
        for buyer, order, back in orders:
            [line] = order.order_line
            if back and line.product_uom_qty >= back:
                picking = self._deliver(order)
                self._return(picking, back)
            kept = 100 * (line.product_uom_qty - (back if picking_done(order) else 0))
            expected.update(oracle.count(buyer, order.date_order, int(kept)))
        self._process()
        found = Counter(
            {n: int(self._balances(person)[0]) for n, person in enumerate(people)}
        )
        self.assertEqual(+found, +expected)
        self.assertBooksRight()


def picking_done(order):
    """Tell whether goods of an order came back."""
    return any(order.picking_ids.mapped("return_id"))


def _forget_decay(self, buyer, at, kept):
    """What looks right and is not: every level gets what the first gets."""
    given = int(Fraction(kept) * self.rate / 100)
    return Counter(dict.fromkeys(self.get_line(buyer, at)[: self.levels], given))
