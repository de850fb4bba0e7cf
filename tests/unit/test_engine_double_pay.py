"""What two rules pay twice is named before it happens."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from builders import (
    DAY,
    NOW,
    D,
    decide,
    document,
    line,
    measure,
    member,
    program,
    rule,
)
from engine import TRIGGERS, Counted, Milestone, Share, double_pay
from engine.double_pay import Catalogue, find_double_pay
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from strategies import PICKS, mostly

#: An order and the scan of a code on its goods show the same goods; an event none.
SAME_GOODS = frozenset({("sale.order", "scan"), ("scan", "sale.order")})
KINDS = ("sale.order", "scan", "event")
#: Category 2 is below 1, 3 is apart.
ANCESTORS = {
    1: frozenset({1}),
    2: frozenset({1, 2}),
    3: frozenset({3}),
}
#: Paper in category 2, a pen in category 3 with tag 7, a product of tag 8 and 7.
PRODUCTS = (
    line(1, category_ids=ANCESTORS[2]),
    line(2, category_ids=ANCESTORS[3], tag_ids=frozenset({7})),
    line(3, category_ids=ANCESTORS[1], tag_ids=frozenset({7, 8})),
)
CATALOGUE = Catalogue(PRODUCTS, ANCESTORS)


def of(*kinds):
    return {"document_kinds": frozenset(kinds)}


def some(*ids):
    return frozenset(ids)


def named(*programs, others=()):
    """Return the pairs of rules that are named: ``{(1, 2)}``."""
    found = find_double_pay(programs, others, SAME_GOODS, CATALOGUE)
    return {(one.rule.id, one.other_rule.id) for one in found}


def name_two(first, second, *, apart=True, **values):
    """Name what two rules pay twice, of two programs or of one."""
    rules = rule(1, **first), rule(2, **second)
    if apart:
        return named(
            program(rules[0], **values), program(rules[1], program_id=2, **values)
        )
    return named(program(*rules, **values))


@pytest.mark.parametrize(
    ("first", "second", "is_named"),
    [
        ({}, {}, True),
        # people
        ({"role": "seller"}, {"role": "owner"}, False),
        (
            {
                "shares": (
                    Share("seller", "seller", D(50)),
                    Share("owner", "contact", D(50)),
                )
            },
            {"role": "owner"},
            True,
        ),
        # documents
        (of("sale.order"), of("scan"), True),
        (of("sale.order"), of("event"), False),
        (of("event"), of("event"), True),
        (
            {"event_codes": some("visit")},
            {"event_codes": some("test")} | of("event"),
            False,
        ),
        ({"pick": "referrer"} | of("event"), of("event"), False),
        # products
        ({"product_ids": some(1)}, {"product_ids": some(2)}, False),
        ({"product_ids": some(1)}, {"product_ids": some(1, 2)}, True),
        ({"product_ids": some(1)}, {"category_ids": some(1)}, True),
        ({"product_ids": some(2)}, {"category_ids": some(1)}, False),
        ({"category_ids": some(2)}, {"category_ids": some(1)}, True),
        ({"category_ids": some(2)}, {"category_ids": some(3)}, False),
        ({"tag_ids": some(7)}, {"tag_ids": some(8)}, True),
        ({"tag_ids": some(7)}, {"product_ids": some(1)}, False),
        # times: one document is dated once, two documents of the same goods twice
        ({"valid_until": NOW} | of("event"), {"valid_from": NOW} | of("event"), False),
        (
            {"valid_until": NOW} | of("sale.order"),
            {"valid_from": NOW} | of("scan"),
            True,
        ),
        # amounts
        ({"amount_max": D(5)} | of("event"), {"amount_min": D(5)} | of("event"), False),
        ({"amount_max": D(6)} | of("event"), {"amount_min": D(5)} | of("event"), True),
        (
            {"amount_max": D(5)} | of("event"),
            {"amount_min": D(5), "amount_basis": "total"} | of("event"),
            True,
        ),
    ],
)
def test_two_programs(first, second, is_named):
    assert name_two(first, second) == ({(1, 2)} if is_named else set())
    assert name_two(second, first) == ({(1, 2)} if is_named else set())


@pytest.mark.parametrize(
    ("values", "second", "is_named"),
    [
        ({}, {}, True),
        ({"combine": "best"}, {}, False),
        ({"combine": "first"}, {}, False),
        # a line and its document are not compared with each other
        ({"combine": "best"}, {"scope": "document"}, True),
        # within a program the same goods pay a role once
        ({}, of("scan"), False),
    ],
)
def test_one_program(values, second, is_named):
    first = of("sale.order")
    found = name_two(first, first | second, apart=False, **values)
    assert found == ({(1, 2)} if is_named else set())


def test_exclusive_programs():
    """They compete for a document, not for two documents of the same goods."""
    exclusive = {"stacking": "exclusive"}
    assert not name_two(of("sale.order"), of("sale.order"), **exclusive)
    assert name_two(of("sale.order"), of("scan"), **exclusive)


def test_what_is_said_of_a_pair():
    programs = (
        program(rule(1, product_ids=some(1, 2), **of("sale.order", "event"))),
        program(rule(2, product_ids=some(2, 3), **of("scan", "event")), program_id=2),
    )
    (found,) = find_double_pay(programs, (), SAME_GOODS, CATALOGUE)
    assert found.roles == ("seller",)
    assert found.kinds == ("event",)
    assert found.pairs == (("sale.order", "scan"),)
    assert found.product_ids == (2,)


def test_others_are_not_compared_with_each_other():
    others = (program(rule(2), program_id=2), program(rule(3), program_id=3))
    assert named(program(rule(1)), others=others) == {(1, 2), (1, 3)}


def test_a_rule_that_never_pays_is_not_named():
    over = program(rule(2, valid_from=NOW), program_id=2, date_to=NOW)
    assert not named(program(rule(1)), over)
    assert not named(program(rule(1)), program(rule(2, **of()), program_id=2))


# Any rules, any documents

NEAR = st.integers(-3, 3).map(lambda days: NOW + days * DAY)
#: What a rule says of goods and of times; one condition at a time, seldom two.
CONDITIONS = st.lists(
    st.sampled_from(
        [
            {"product_ids": some(1)},
            {"product_ids": some(1, 2)},
            {"category_ids": some(1)},
            {"category_ids": some(2)},
            {"category_ids": some(3)},
            {"tag_ids": some(7)},
            {"tag_ids": some(8)},
            {"has_product_domain": True},
            {"has_partner_domain": True},
            {"amount_min": D(200)},
            {"amount_max": D(200)},
            {"valid_from": NOW},
            {"valid_until": NOW},
            {"without_product": True},
            {"event_codes": some("visit")},
            {"event_codes": some("test")},
        ]
    ),
    max_size=2,
)


@st.composite
def any_rules(draw, rule_id):
    values = {
        "role": draw(st.sampled_from(["seller", "owner"])),
        "trigger": draw(st.sampled_from(TRIGGERS)),
        "pick": draw(st.sampled_from([*PICKS, "each"])),
        "party": draw(mostly("buyer", "receiver")),
        "scope": draw(st.sampled_from(["line", "document"])),
        "kind": draw(st.sampled_from(["fixed", "per_unit", "percent"])),
        "amount_basis": draw(mostly("untaxed", "total")),
        "document_kinds": draw(st.sets(st.sampled_from(KINDS), min_size=1, max_size=2)),
    }
    values["document_kinds"] = frozenset(values["document_kinds"])
    for condition in draw(CONDITIONS):
        values |= condition
    if draw(mostly(False, True)):
        picks = st.sampled_from(PICKS)
        values["shares"] = (
            Share("seller", draw(picks), D(50)),
            Share("owner", draw(picks), D(30)),
        )
    if (values["kind"], values["scope"]) == ("fixed", "document"):
        values["milestone"] = draw(mostly(Milestone(), Milestone("only", 1)))
    return rule(rule_id, **values)


@st.composite
def offers(draw):
    """Return two programs, of two rules each."""
    return [
        program(
            draw(any_rules(2 * number - 1)),
            draw(any_rules(2 * number)),
            program_id=number,
            combine=draw(st.sampled_from(["all", "all", "first", "best"])),
            stacking=draw(st.sampled_from(["stackable", "exclusive"])),
            date_from=draw(mostly(None, NOW)),
            date_to=draw(mostly(None, NOW + DAY)),
            counts_typed_lines=draw(mostly(False, True)),
        )
        for number in (1, 2)
    ]


PEOPLE = st.lists(
    st.builds(
        lambda role, **values: member(**values, role=role),
        role=st.sampled_from(["seller", "owner"]),
        member_id=st.integers(1, 3),
        is_contact=st.booleans(),
        is_seller=st.booleans(),
        is_receiver=st.booleans(),
        referral_level=mostly(None, 1),
    ),
    unique_by=lambda one: one.member_id,
    min_size=1,
    max_size=3,
).map(tuple)


@st.composite
def goods(draw):
    """Return lines of known products, each with an amount around the limit."""
    numbers = draw(st.lists(st.sampled_from([1, 2, 3]), min_size=1, unique=True))
    lines = []
    for number in numbers:
        amount = draw(st.sampled_from([60, 150, 400]))
        reached = measure(2, amount, total=amount * 2)
        known = PRODUCTS[number - 1]
        lines.append(
            replace(
                known,
                measures=dict.fromkeys(TRIGGERS, reached),
                domain_rule_ids=frozenset(draw(st.sets(st.integers(1, 4)))),
                is_fee=draw(mostly(False, True)),
                is_typed=draw(mostly(False, True)),
            )
        )
    return tuple(lines)


@st.composite
def documents_of(draw, lines, people, kinds=KINDS):
    """Return a document of one of some kinds that shows these goods."""
    return document(
        *lines,
        members=people,
        kind=draw(st.sampled_from(kinds)),
        event_code=draw(st.sampled_from(["visit", "test"])),
        is_proof=draw(st.booleans()),
        occurred_at=draw(NEAR),
        partner_rule_ids=frozenset(draw(st.sets(st.integers(1, 4)))),
    )


def paid_twice(awards, others):
    """Yield the pairs of rules that pay a participant for the same line."""
    for one in awards:
        for other in others:
            if one is not other and one.member_id == other.member_id:
                if set(one.basis.lines) & set(other.basis.lines):
                    yield frozenset({one.rule_id, other.rule_id})


def count(facts, awards):
    """Return a document whose goods another one was booked for."""
    roles = {one.member_id: one.role for one in facts.members}
    counted = {
        key: tuple(
            Counted(award.program_id, roles[award.member_id], Fraction(1), "S1")
            for award in awards
            if key in award.basis.lines
        )
        for key in (one.key for one in facts.lines)
    }
    lines = tuple(replace(one, counted=counted[one.key]) for one in facts.lines)
    return replace(facts, lines=lines)


def catalogue_of(lines):
    """Return what is known of products, with the rules whose filter they meet."""
    by_number = {one.product_id: one for one in lines}
    return Catalogue([by_number.get(p.product_id, p) for p in PRODUCTS], ANCESTORS)


def happens(data):
    """Return what documents pay twice, and the pairs that are named."""
    offered, lines = data.draw(offers()), data.draw(goods())
    people = data.draw(PEOPLE)
    first = data.draw(documents_of(lines, people))
    awards = decide(first, *offered).awards
    happened = set(paid_twice(awards, awards))
    kinds = [its for kind, its in SAME_GOODS if kind == first.kind]
    if kinds:
        second = count(data.draw(documents_of(lines, people, kinds)), awards)
        happened |= set(paid_twice(awards, decide(second, *offered).awards))
    return happened, name_all(offered, lines)


def name_all(offered, lines):
    found = find_double_pay(offered, (), SAME_GOODS, catalogue_of(lines))
    return {frozenset({one.rule.id, one.other_rule.id}) for one in found}


@settings(max_examples=800)
@given(st.data())
def test_nothing_is_paid_twice_in_silence(data):
    """Whatever the documents: who is paid twice for the same goods was named."""
    happened, warned = happens(data)
    assert happened <= warned


@pytest.mark.parametrize(
    "blind", ["_common_kinds", "_kind_pairs", "_share_products", "_roles"]
)
def test_the_property_can_fail(monkeypatch, blind):
    """Without one of its parts the analysis misses what documents pay twice."""
    monkeypatch.setattr(double_pay, blind, lambda *args: frozenset())

    @settings(max_examples=400, phases=[Phase.generate], report_multiple_bugs=False)
    @given(st.data())
    def look(data):
        happened, warned = happens(data)
        assert happened <= warned

    with pytest.raises(AssertionError):
        look()


def show(pair, kind, at):
    """Return a document made so that both rules of a named pair pay for it.

    Everybody is everything, and there are goods of all that the rules ask for.
    """
    both = pair.rule, pair.other_rule
    ids = frozenset(one.id for one in both)
    number = (pair.product_ids or (1,))[0]
    known = next(p for p in PRODUCTS if p.product_id == number)
    if pair.product_ids is None:
        categories = frozenset().union(
            *(ANCESTORS[c] for one in both for c in one.category_ids)
        )
        known = replace(known, category_ids=categories)
        known = replace(known, tag_ids=both[0].tag_ids | both[1].tag_ids)
    low = max((one.amount_min or D(0)) for one in both)
    reached = measure(2, low or D(100))
    known = replace(
        known, measures=dict.fromkeys(TRIGGERS, reached), domain_rule_ids=ids
    )
    people = tuple(
        member(
            number,
            role=role,
            is_contact=True,
            is_seller=True,
            referral_level=1,
        )
        for number, role in enumerate(pair.roles, 1)
    )
    codes = both[0].event_codes & both[1].event_codes or both[0].event_codes
    return document(
        known,
        members=people,
        kind=kind,
        event_code=min(codes or both[1].event_codes, default=""),
        occurred_at=at,
        partner_rule_ids=ids,
    )


def is_true(pair):
    """Tell whether documents can be made that pay a named pair twice."""
    wanted = frozenset({pair.rule.id, pair.other_rule.id})
    rules = (pair.program, pair.rule), (pair.other_program, pair.other_rule)
    programs = [
        replace(one, rules=tuple(rule for its, rule in rules if its.id == one.id))
        for one in {one.id: one for one, _rule in rules}.values()
    ]
    days = [NOW + timedelta(days=days) for days in (-2, 0, 2)]
    for kind in pair.kinds:
        for day in days:
            awards = decide(show(pair, kind, day), *programs).awards
            if wanted in set(paid_twice(awards, awards)):
                return True
    for kind, its in pair.pairs:
        for day in days:
            awards = decide(show(pair, kind, day), *programs).awards
            for other_day in days:
                second = count(show(pair, its, other_day), awards)
                if wanted in set(paid_twice(awards, decide(second, *programs).awards)):
                    return True
    return False


def test_false_alarms_are_few():
    """Of the pairs that are named, documents can be made for nearly all."""
    alarms = []

    @settings(max_examples=300)
    @given(offers())
    def look(offered):
        catalogue = Catalogue(
            [replace(p, domain_rule_ids=some(1, 2, 3, 4)) for p in PRODUCTS], ANCESTORS
        )
        for pair in find_double_pay(offered, (), SAME_GOODS, catalogue):
            alarms.append(is_true(pair))

    look()
    assert len(alarms) > 200
    wrong = alarms.count(False)
    print(f"{len(alarms)} pairs named, {wrong} of them false")  # noqa: T201
    assert wrong <= len(alarms) * 0.05
