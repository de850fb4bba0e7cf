"""Milestones: the first sale, the n-th, each n-th; sales come, go and come late."""

import builders as b
import pytest
from engine import Milestone, Sale, Tally
from hypothesis import given
from hypothesis import strategies as st

FIRST = Milestone("only", 1)
TENTH = Milestone("only", 10)
EVERY_THIRD = Milestone("every", 3)


def certificate(milestone, **values):
    """Return a rule that gives one certificate for a milestone."""
    return b.rule(
        kind="fixed", scope="document", value=b.D(1), milestone=milestone, **values
    )


def decide(milestone, sales=0, awarded=0, document=None, **values):
    """Return the decision on a sale beside other ones."""
    return b.evaluate(
        document or b.document(),
        [b.program(certificate(milestone, **values))],
        b.nothing_used,
        b.NOW,
        tally=lambda rule, member_id: Tally(sales, awarded),
    )


@pytest.mark.parametrize(
    ("milestone", "sales", "due"),
    [
        (FIRST, 0, 0), (FIRST, 1, 1), (FIRST, 25, 1),
        (TENTH, 9, 0), (TENTH, 10, 1), (TENTH, 20, 1),
        (EVERY_THIRD, 2, 0), (EVERY_THIRD, 3, 1), (EVERY_THIRD, 5, 1),
        (EVERY_THIRD, 9, 3),
    ],
)  # fmt: skip
def test_how_many_awards_are_due(milestone, sales, due):
    assert milestone.due(sales) == due


@pytest.mark.parametrize(
    ("milestone", "sales", "awarded", "reached"),
    [
        (FIRST, 0, 0, 1),
        (FIRST, 1, 1, 0),  # the second sale
        (FIRST, 7, 0, 1),  # the award of another one was undone
        (TENTH, 8, 0, 0),
        (TENTH, 9, 0, 10),
        (TENTH, 10, 1, 0),
        (EVERY_THIRD, 2, 0, 3),
        (EVERY_THIRD, 5, 1, 6),
        (EVERY_THIRD, 5, 2, 0),
        (EVERY_THIRD, 1, 1, 0),  # sales were undone: one award is too much
    ],
)
def test_the_sale_that_reaches_a_milestone(milestone, sales, awarded, reached):
    decision = decide(milestone, sales, awarded)
    points = [award.points_total for award in decision.awards]
    assert points == ([1] if reached else [])
    assert decision.sales == (Sale(1, b.SELLER, bool(reached), ("sale.order.line,1",)),)
    b.check_reasons(decision)
    reasons = {reason.code: reason.params for reason in b.reasons_of(decision)}
    if reached:
        assert reasons["milestone"]["reached"] == reached
    else:
        assert reasons["no_milestone"]["sales"] == sales + 1


def test_what_is_no_sale_for_the_rule_counts_for_nothing():
    """Nothing is reached yet, too small, of another kind, nobody's."""
    documents = [
        b.document(b.line(measures={})),
        b.document(kind="scan"),
        b.document(members=()),
    ]
    for document in documents:
        decision = decide(FIRST, document=document)
        assert (decision.awards, decision.sales) == ((), ())
    assert decide(FIRST, amount_min=b.D(101)).sales == ()
    assert len(decide(FIRST, amount_min=b.D(100)).sales) == 1


def test_a_limit_cuts_the_award_and_the_sale_still_counts():
    program = b.program(certificate(FIRST), budget=b.D(5))
    decision = b.evaluate(b.document(), [program], lambda scope: b.D(5), b.NOW)
    assert (decision.awards, len(decision.sales)) == ((), 1)


def test_each_person_counts_alone():
    people = (b.member(1), b.member(2))
    tallies = {1: Tally(9, 0), 2: Tally(3, 0)}
    decision = b.evaluate(
        b.document(members=people),
        [b.program(certificate(TENTH, pick="each"))],
        b.nothing_used,
        b.NOW,
        tally=lambda rule, member_id: tallies[member_id],
    )
    assert [award.member_id for award in decision.awards] == [1]
    assert [(s.member_id, s.is_awarded) for s in decision.sales] == [
        (1, True),
        (2, False),
    ]


def test_rules_without_a_milestone_ask_for_no_sales():
    def ask(rule, member_id):
        raise AssertionError("asked")

    decision = b.evaluate(b.document(), [b.program()], b.nothing_used, b.NOW, tally=ask)
    assert (len(decision.awards), decision.sales) == (1, ())


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "percent"},
        {"scope": "line"},
        {"milestone": Milestone("only", 0)},
        {"milestone": Milestone("sometimes", 3)},
    ],
)
def test_what_the_engine_does_not_understand(values):
    fields = {"kind": "fixed", "scope": "document", "milestone": FIRST} | values
    with pytest.raises(ValueError, match="rule 1|Rule 1"):
        b.evaluate(b.document(), [b.program(b.rule(**fields))], b.nothing_used, b.NOW)


class Books:
    """What an adapter does: counts sales, and looks at others when it has to."""

    def __init__(self, milestone):
        self.milestone = milestone
        self.sales = {}  # document -> whether it has an award
        self.looked = 0

    def judge(self, document, counts=True):
        """Judge a document; then those whose award fits no more."""
        waiting = [(document, counts)]
        while waiting:
            self.looked += 1
            document, counts = waiting.pop()
            before = self.sales.pop(document, None)
            others = Tally(len(self.sales), sum(self.sales.values()))
            if counts:
                self.sales[document] = bool(others.reached(self.milestone))
            if self.sales.get(document) != before:
                waiting += self.get_unfit(document)

    def get_unfit(self, changed):
        awarded = sum(self.sales.values())
        missing = self.milestone.missing(len(self.sales), awarded)
        others = [
            document
            for document, has_award in sorted(self.sales.items(), reverse=True)
            if has_award is (missing < 0) and document != changed
        ]
        return [(document, True) for document in others[: abs(missing)]]


MILESTONES = st.builds(Milestone, st.sampled_from(["only", "every"]), st.integers(1, 4))
STEPS = st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=40)


@given(MILESTONES, STEPS)
def test_awards_are_those_of_the_sales_that_are_left(milestone, steps):
    """However sales come and go, and whichever is judged again."""
    books, left = Books(milestone), set()
    for document, counts in steps:
        books.judge(document, counts)
        left = left | {document} if counts else left - {document}
        assert set(books.sales) == left
        assert sum(books.sales.values()) == milestone.due(len(left))
    assert books.looked <= 4 * max(len(steps), 1)


@given(MILESTONES, st.permutations(range(1, 9)), st.permutations(range(1, 9)))
def test_the_order_of_arrival_changes_no_number(milestone, one, other):
    totals = []
    for order in (one, other):
        books = Books(milestone)
        for document in order:
            books.judge(document)
        totals.append(sum(books.sales.values()))
    assert totals[0] == totals[1] == milestone.due(8)


@given(MILESTONES, STEPS)
def test_looking_again_changes_nothing(milestone, steps):
    books = Books(milestone)
    for document, counts in steps:
        books.judge(document, counts)
    before = dict(books.sales)
    for document in before:
        books.judge(document)
    assert books.sales == before
