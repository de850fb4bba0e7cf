"""Hypothesis strategies and profile for the engine tests."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timezone
from decimal import Decimal

from builders import DAY, NOW, document, line, member, program, rule
from engine import (
    TRIGGERS,
    Caps,
    Hold,
    Measure,
    MemberFact,
    Milestone,
    Rounding,
    Share,
    Step,
)
from engine.facts import REACHABLE
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

settings.register_profile(
    "unit",
    max_examples=200,
    deadline=None,
    # The suite is a gate: the same commit gives the same answer.
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("unit")

DECIMALS = st.decimals(-(10**12), 10**12, places=4)
POINTS = st.integers(0, 500).map(Decimal)
ROUNDINGS = st.builds(
    Rounding, st.integers(0, 6), st.sampled_from(["down", "half_up", "up"])
)
INSTANTS = st.datetimes(
    datetime(1900, 1, 2), datetime(2100, 1, 1), timezones=st.just(timezone.utc)
)
#: The extremes, ordinary clock changes, and midnights that are skipped or doubled.
ZONES = st.sampled_from(
    [
        "Etc/GMT+12",
        "Etc/GMT-14",
        "Europe/Kyiv",
        "America/New_York",
        "America/Sao_Paulo",
        "America/Havana",
        "America/St_Johns",
        "Pacific/Apia",
    ]
)

# Documents and programs for evaluate


def mostly(usual, *others):
    """Return ``usual`` in most examples, so that enough of them give awards."""
    return st.sampled_from([usual] * 2 * len(others) + list(others))


#: Times around the document's, so that windows and memberships sometimes miss it.
NEAR = st.integers(-3, 3).map(lambda days: NOW + days * DAY)
AMOUNTS = st.decimals(0, 5000, places=2)
PRICES = st.decimals(1, 500, places=2)
IDS = st.sets(st.integers(1, 3), min_size=1).map(frozenset)
PRIOR = mostly(frozenset(), frozenset({(1, 1)}), frozenset({(2, 1), (3, 2)}))
ROLES = mostly("seller", "seller", "owner")
MEMBERS = st.lists(
    st.builds(
        MemberFact,
        member_id=st.integers(1, 4),
        role=ROLES,
        employer_id=st.just(50),
        enrolled_at=mostly(NOW - 9 * DAY, NOW - 8 * DAY, NOW + DAY),
        left_at=mostly(None, NOW - DAY),
        is_contact=st.booleans(),
        is_seller=st.booleans(),
        referral_level=st.none() | st.integers(1, 4),
    ),
    unique_by=lambda member: member.member_id,
    max_size=3,
).map(lambda others: (member(9, enrolled_at=NOW - 9 * DAY), *others))
STEPS = st.lists(
    st.builds(
        Step,
        start=st.integers(0, 2000).map(Decimal),
        kind=st.sampled_from(["fixed", "per_unit", "percent"]),
        value=st.integers(0, 40).map(Decimal),
    ),
    max_size=3,
    unique_by=lambda step: step.start,
).map(tuple)


def _with_levels(shares):
    """Return shares, those of recommenders with levels; the nearest gets the most."""
    levels = defaultdict(int)
    percents = sorted((share.percent for share in shares), reverse=True)
    leveled = []
    for share, percent in zip(shares, percents, strict=True):
        levels[share.role] += share.pick == "referrer"
        level = max(1, levels[share.role])
        lower = percent - Decimal(level) / 100
        leveled.append(replace(share, percent=lower, level=level))
    return tuple(leveled)


PICKS = ("contact", "contact_or_first", "split", "seller", "referrer")
#: Up to three shares; often less than all is given away.
SHARES = st.lists(
    st.builds(
        Share,
        role=ROLES,
        pick=st.sampled_from(PICKS),
        percent=st.integers(1, 33).map(Decimal) | st.just(Decimal("33.3")),
    ),
    max_size=3,
).map(_with_levels)
LIMITS = st.none() | st.integers(0, 200).map(Decimal)
CAPS = st.builds(
    Caps,
    document=LIMITS,
    member=LIMITS,
    day=LIMITS,
    period=LIMITS,
    period_kind=st.sampled_from(["week", "month", "quarter", "year"]),
)
HOLDS = st.sampled_from(
    [
        Hold(),
        Hold("until_paid"),
        Hold("until_delivered_paid"),
        Hold("days", 2),
        Hold("days_after_delivery", 2),
    ]
)
#: One condition at a time: with many, hardly any example would give an award.
CONDITIONS = mostly(
    {},
    {"category_ids": frozenset({1, 2})},
    {"has_product_domain": True},
    {"has_partner_domain": True},
    {"amount_min": Decimal(500)},
    {"amount_max": Decimal(500)},
    {"quantity_min": Decimal(5)},
    {"valid_until": NOW},
    {"document_kinds": frozenset({"sale.order", "event"})},
    {"event_codes": frozenset({"visit"})},
)
#: (kind, event code) of documents.
KINDS = mostly(("sale.order", ""), ("event", "visit"), ("event", "test"), ("", ""))
PROGRAM_STATES = mostly(
    {}, {"state": "draft"}, {"state": "closed", "closed_at": NOW}, {"date_to": NOW}
)


@st.composite
def measures(draw):
    """Return what reached which moment: never more than the moment before.

    Sometimes a part will never reach the last ones.
    """
    left, price, reached = draw(st.integers(1, 10)), draw(PRICES), {}
    for trigger in TRIGGERS:
        left = draw(st.sampled_from([left, left, left, left // 2]))
        net = price * left
        at = draw(NEAR) if left else None
        reached[trigger] = Measure(Decimal(left), net, net * Decimal("1.2"), at)
    for trigger, name in REACHABLE.items():
        proven, whole = reached[trigger], reached[TRIGGERS[0]]
        share = draw(st.sampled_from([None, None, 0, 1, 2]))
        if share is not None:
            rest = whole.minus(proven).times(share, 2)
            reached[name] = proven.plus(rest).reached(None)
    return reached


@st.composite
def documents(draw):
    """Return a document with up to four lines and members."""
    lines = tuple(
        line(
            number,
            measures=draw(measures()),
            category_ids=draw(IDS),
            domain_rule_ids=draw(IDS),
            prior=draw(PRIOR),
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)
    )
    kind, event_code = draw(KINDS)
    values = {"partner_rule_ids": draw(IDS), "prior": draw(PRIOR)}
    values |= {"kind": kind, "event_code": event_code}
    return document(*lines, members=draw(MEMBERS), **values)


MILESTONES = st.sampled_from(
    [Milestone(), Milestone(), Milestone("only", 1), Milestone("every", 2)]
)


@st.composite
def rules(draw, rule_id, **values):
    """Return any rule; ``values`` are strategies for fields."""
    fields = {
        "role": ROLES,
        "trigger": st.sampled_from(TRIGGERS),
        "pick": st.sampled_from([*PICKS, "each"]),
        "shares": st.just(()) | SHARES,
        "levels": st.integers(1, 3),
        "decay": st.sampled_from([Decimal(50), Decimal("33.3"), Decimal(90)]),
        "scope": st.sampled_from(["line", "document"]),
        "sequence": st.integers(1, 3),
        "kind": st.sampled_from(["fixed", "per_unit", "percent", "table"]),
        "value": st.integers(1, 40).map(Decimal),
        "steps": STEPS,
        "table_basis": st.sampled_from(["amount", "quantity"]),
        "amount_basis": st.sampled_from(["untaxed", "total"]),
        "caps": st.just(Caps()) | CAPS,
        "hold": HOLDS,
    }
    drawn = {name: draw(value) for name, value in (fields | values).items()}
    if (drawn["kind"], drawn["scope"]) == ("fixed", "document"):
        drawn["milestone"] = draw(MILESTONES)
    return rule(rule_id, **drawn, **draw(CONDITIONS))


@st.composite
def programs(draw, **values):
    """Return one to three programs; ``values`` are strategies for rule fields."""
    found, rule_id = [], 0
    for program_id in range(1, draw(st.integers(1, 3)) + 1):
        count = draw(st.integers(1, 2))
        numbers = range(rule_id + 1, rule_id + count + 1)
        rule_id += count
        found.append(
            program(
                *(draw(rules(number, **values)) for number in numbers),
                program_id=program_id,
                rounding=draw(ROUNDINGS),
                sequence=draw(st.integers(1, 2)),
                combine=draw(st.sampled_from(["all", "first", "best"])),
                stacking=draw(st.sampled_from(["stackable", "exclusive"])),
                budget=draw(LIMITS),
                referral_pool=draw(st.none() | st.integers(1, 100).map(Decimal)),
                **draw(PROGRAM_STATES),
            )
        )
    return found
