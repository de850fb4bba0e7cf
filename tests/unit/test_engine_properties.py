"""What holds for every document and every set of programs."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from builders import (
    NOW,
    D,
    decide,
    document,
    line,
    measure,
    member,
    points_of,
    program,
    rule,
)
from engine import Booked, Caps, Hold, Milestone, Rounding, plan
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import (
    AMOUNTS,
    LIMITS,
    MEMBERS,
    POINTS,
    ROUNDINGS,
    SHARES,
    documents,
    programs,
)

NO_CAPS = {"caps": st.just(Caps())}
USAGES = st.dictionaries(
    st.sampled_from(["r1|m1", "r1|m2", "r2|m1", "r1|m1|2026-03", "p1", "p2"]), POINTS
)


def used(usage):
    return lambda scope: usage.get(scope, Decimal(0))


@given(documents(), programs(), USAGES)
def test_the_same_question_has_the_same_answer(facts, offered, usage):
    answer = decide(facts, *offered, usage=used(usage))
    again = decide(facts, *reversed(offered), usage=used(usage))
    assert answer == again


@given(documents(), programs(), USAGES)
def test_awards_are_sound(facts, offered, usage):
    rounding = {p.id: p.rounding for p in offered}
    roles = {r.id: {part.role for part in r.parts} for p in offered for r in p.rules}
    members = {m.member_id: m.role for m in facts.members}
    awards = decide(facts, *offered, usage=used(usage)).awards
    assert len({award.key for award in awards}) == len(awards)
    for award in awards:
        assert 0 <= award.points_released <= award.points_total > 0
        for points in (award.points_released, award.points_total):
            assert rounding[award.program_id].down(points) == points
        assert bool(award.points_released) == (award.effective_at is not None)
        assert award.release_at is None or award.points_released == 0
        assert members[award.member_id] in roles[award.rule_id]
        assert award.points_due <= award.points_pending
        assert bool(award.points_due) <= (award.release_at is not None)


@given(documents(), programs(), USAGES)
def test_caps_are_never_exceeded(facts, offered, usage):
    decision = decide(facts, *offered, usage=used(usage))
    taken, in_document = Counter(), Counter()
    for award in decision.awards:
        in_document[award.rule_id, award.member_id] += award.points_total
        for scope, points in award.cap_uses.items():
            assert points == award.points_total
            taken[scope] += points
    for one in offered:
        _check_limit(one.budget, f"p{one.id}", taken, usage)
        for capped in one.rules:
            for who in facts.members:
                in_this = in_document[capped.id, who.member_id]
                assert capped.caps.document is None or in_this <= capped.caps.document
                scope = f"r{capped.id}|m{who.member_id}"
                _check_limit(capped.caps.member, scope, taken, usage)
                _check_limit(capped.caps.day, f"{scope}|2026-03-10", taken, usage)


def _check_limit(limit, scope, taken, usage):
    if limit is not None and taken[scope]:
        assert taken[scope] + usage.get(scope, 0) <= limit


@given(documents(), programs())
def test_every_rule_is_accounted_for(facts, offered):
    decision = decide(facts, *offered)
    told = {(r.program_id, r.rule_id) for r in decision.refusals}
    given_ = {(a.program_id, a.rule_id) for a in decision.awards}
    for one in offered:
        for asked in one.rules:
            key = (one.id, asked.id)
            assert key in told or key in given_ or (one.id, None) in told


@given(documents(), programs())
def test_a_member_is_never_both_given_and_refused(facts, offered):
    decision = decide(facts, *offered)
    refused = [
        (r.source_key, r.rule_id, r.member_id)
        for r in decision.refusals
        if r.member_id is not None
    ]
    assert len(set(refused)) == len(refused)
    given_ = {(a.source_key, a.rule_id, a.member_id) for a in decision.awards}
    assert given_.isdisjoint(refused)


@given(documents(), programs(**NO_CAPS), st.randoms(use_true_random=False))
def test_the_order_of_lines_and_members_is_irrelevant(facts, offered, random):
    offered = [replace(one, budget=None) for one in offered]
    lines, members = list(facts.lines), list(facts.members)
    random.shuffle(lines)
    random.shuffle(members)
    mixed = replace(facts, lines=tuple(lines), members=tuple(members))
    assert points_of(decide(facts, *offered)) == points_of(decide(mixed, *offered))


@given(documents(), programs(), USAGES)
def test_booking_changes_nothing(facts, offered, usage):
    """What was just booked (``prior``) must not change the next evaluation."""
    facts = replace(
        facts,
        prior=frozenset(),
        lines=tuple(replace(one, prior=frozenset()) for one in facts.lines),
    )
    first = decide(facts, *offered, usage=used(usage))
    booked = _booked(facts, first.awards)
    again = decide(booked, *offered, usage=used(usage))
    assert points_of(again) == points_of(first)


@given(documents(), programs())
def test_what_was_booked_survives_changes_of_master_data(facts, offered):
    """Moved products, ended programs and members who left claw nothing back."""
    # Competition between rules is not master data, and caps are counted anew.
    offered = [
        replace(
            one,
            combine="all",
            stacking="stackable",
            budget=None,
            rules=tuple(
                replace(
                    r,
                    scope="line",
                    milestone=Milestone(),
                    caps=Caps(),
                    pick="each",
                    shares=(),
                    amount_min=None,
                )
                for r in one.rules
            ),
        )
        for one in offered
    ]
    first = decide(facts, *offered)
    later = _booked(facts, first.awards)
    later = replace(
        later,
        partner_rule_ids=frozenset(),
        members=tuple(replace(m, left_at=m.enrolled_at) for m in later.members),
        lines=tuple(
            replace(one, category_ids=frozenset(), domain_rule_ids=frozenset())
            for one in later.lines
        ),
    )
    offered = [replace(one, state="closed", closed_at=None) for one in offered]
    expected = points_of(first)
    now = points_of(decide(later, *offered))
    assert {key: now.get(key) for key in expected} == expected


def _booked(facts, awards):
    pairs = {}
    for award in awards:
        pair = (award.rule_id, award.member_id)
        for key in (award.source_key, *award.basis.lines):
            pairs.setdefault(key, set()).add(pair)

    def prior(fact):
        return fact.prior | frozenset(pairs.get(fact.key, ()))

    lines = tuple(replace(one, prior=prior(one)) for one in facts.lines)
    return replace(facts, lines=lines, prior=prior(facts))


@given(AMOUNTS, AMOUNTS, st.decimals(0, 50, places=2), ROUNDINGS)
def test_percent_grows_with_the_amount(one, other, value, rounding):
    offered = program(rule(value=value), rounding=rounding)

    def points(amount):
        awards = decide(document(line(amount=amount)), offered).awards
        return sum(award.points_total for award in awards)

    assert points(min(one, other)) <= points(max(one, other))


@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=6),
    AMOUNTS,
    st.sampled_from(["fixed", "per_unit", "percent"]),
    st.sampled_from([Hold(), Hold("until_paid")]),
    LIMITS,
)
def test_any_way_of_returning_ends_at_what_remains(quantities, price, kind, hold, cap):
    """Never "minus x because of a return": always target minus booked."""
    offered = program(
        rule(kind=kind, value=D("7.5"), hold=hold, caps=Caps(document=cap))
    )
    booked = Booked()
    for quantity in quantities:  # bought, returned, bought again ...
        total, released = _target(quantity, price, offered)
        for move in plan(total, released, booked):
            booked = Booked(booked.posted + move.posted, booked.pending + move.pending)
    total, released = _target(quantities[-1], price, offered)
    assert (booked.posted, booked.posted + booked.pending) == (released, total)


def _target(quantity, price, offered):
    reached = measure(quantity, price * quantity)
    half = measure(D(quantity) / 2, price * quantity / 2)
    facts = document(line(measures={"confirmed": reached, "paid": half}))
    awards = decide(facts, offered).awards
    return (
        sum((award.points_total for award in awards), D(0)),
        sum((award.points_released for award in awards), D(0)),
    )


@given(AMOUNTS, AMOUNTS, st.integers(1, 6), ROUNDINGS)
def test_split_shares_sum_to_the_whole(amount, paid, count, rounding):
    members = tuple(member(number) for number in range(1, count + 1))
    measures = {"confirmed": measure(1, amount), "paid": measure(1, paid)}
    held = {"hold": Hold("until_paid")}
    together = document(line(measures=measures), members=members)
    alone = document(line(measures=measures))
    shared = program(rule(pick="split", **held), rounding=rounding)
    whole = program(rule(**held), rounding=rounding)
    assert _sums(decide(together, shared)) == _sums(decide(alone, whole))


@given(AMOUNTS, AMOUNTS, MEMBERS, SHARES, ROUNDINGS)
def test_shares_never_exceed_the_whole(amount, paid, members, shares, rounding):
    measures = {"confirmed": measure(1, amount), "paid": measure(1, paid)}
    held = {"hold": Hold("until_paid")}
    facts = document(line(measures=measures), members=members)
    shared = program(rule(shares=shares, **held), rounding=rounding)
    alone = replace(facts, members=(member(1),))
    whole = _sums(decide(alone, program(rule(**held), rounding=rounding)))
    parts = _sums(decide(facts, shared))
    assert parts[0] <= whole[0]
    assert parts[1] <= whole[1]
    if whole[1] == whole[0]:
        assert parts[1] == parts[0]


@given(AMOUNTS, AMOUNTS, AMOUNTS, SHARES, ROUNDINGS)
def test_a_share_once_released_stays_when_more_is_paid(
    amount, one, other, shares, rounding
):
    offered = program(rule(shares=shares, hold=Hold("until_paid")), rounding=rounding)
    people = (member(1, is_seller=True), member(2), member(3, role="owner"))

    def released(paid):
        measures = {"confirmed": measure(1, amount), "paid": measure(1, paid)}
        facts = document(line(measures=measures), members=people)
        return {a.member_id: a.points_released for a in decide(facts, offered).awards}

    less, more = released(min(one, other)), released(max(one, other))
    assert all(more[who] >= points for who, points in less.items())


def _sums(decision):
    return (
        sum(award.points_total for award in decision.awards),
        sum(award.points_released for award in decision.awards),
    )


@settings(max_examples=50)
@given(documents(), programs(**NO_CAPS), st.integers(1, 30))
def test_waiting_releases_and_never_takes(facts, offered, days):
    """Time alone only releases; what is deserved stays the same."""
    offered = [replace(one, budget=None) for one in offered]
    now = points_of(decide(facts, *offered))
    later = points_of(decide(facts, *offered, now=NOW.replace(day=1, month=5)))
    assert now.keys() == later.keys()
    for key, (total, released) in now.items():
        assert later[key][0] == total
        assert later[key][1] >= released


def test_large_numbers_stay_exact():
    huge = D("999999999999999")
    facts = document(line(amount=huge))
    decision = decide(facts, program(rule(value=huge), rounding=Rounding(2)))
    assert decision.awards[0].points_total == D("9999999999999980000000000000.01")


@given(st.lists(AMOUNTS, min_size=1, max_size=8), ROUNDINGS)
def test_lines_get_together_what_the_document_would(amounts, rounding):
    """Rounded once: scope *line* hands out what scope *document* gives."""
    lines = [line(n, amount=amount) for n, amount in enumerate(amounts, start=1)]
    facts = document(*lines)

    def given_by(scope):
        offered = program(rule(value=D("3.7"), scope=scope), rounding=rounding)
        return sum(award.points_total for award in decide(facts, offered).awards)

    assert given_by("line") == given_by("document")


def test_a_line_too_small_for_a_point_is_not_forgotten():
    """5 % of 9.06 and of 10.94 are 1 point, of the second line; both counted for it."""
    facts = document(line(1, amount=D("9.06")), line(2, amount=D("10.94")))
    offered = program(rule(value=D(5), scope="line"))
    first = decide(facts, offered)
    [award] = first.awards
    assert (award.source_key, award.points_total) == ("sale.order.line,2", 1)
    assert award.basis.lines == ("sale.order.line,2", "sale.order.line,1")
    later = _booked(facts, first.awards)
    left = replace(later.members[0], left_at=later.members[0].enrolled_at)
    later = replace(later, members=(left,))
    assert points_of(decide(later, offered)) == points_of(first)
