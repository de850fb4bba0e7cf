"""What makes a scan unusual, and by how much."""

from datetime import timedelta

import pytest
from engine.suspicion import FINDING_CODES, ScanFact, ScanLimits, get_distance, judge

KYIV, LVIV = (50.4501, 30.5234), (49.8397, 24.0297)
LIMITS = ScanLimits(
    adjacent=12,
    shop_scans=100,
    radius=5,
    late=timedelta(hours=72),
    audit=3,
    review_score=50,
)
USUAL = {"shop_place": KYIV, "place": (50.4502, 30.5236)}


@pytest.mark.parametrize(
    ("changed", "findings", "review"),
    (
        ({}, {}, False),
        ({"is_other_shop": True}, {"other_shop": 100}, True),
        ({"adjacent": 10}, {}, False),
        ({"adjacent": 11}, {"adjacent": 60}, True),
        ({"shop_scans": 99}, {}, False),
        ({"shop_scans": 100}, {"shop_rate": 50}, True),
        ({"place": LVIV}, {"far": 50}, True),
        ({"place": None}, {"no_place": 10}, False),
        ({"place": None, "shop_place": None}, {}, False),
        ({"failures": 5}, {"failures": 20}, False),
        ({"age": timedelta(hours=72)}, {}, False),
        ({"age": timedelta(hours=73)}, {"late": 30}, False),
        (
            {"age": timedelta(hours=73), "failures": 5},
            {"failures": 20, "late": 30},
            True,
        ),
        ({"draw": 2}, {"audit": 0}, True),
        ({"draw": 3}, {}, False),
    ),
)
def test_findings(changed, findings, review):
    judged = judge(ScanFact(**{**USUAL, **changed}), LIMITS)
    assert {one.code: one.points for one in judged.findings} == findings
    assert judged.needs_review == review
    assert judged.score == sum(findings.values())
    assert set(findings) <= set(FINDING_CODES)


def test_what_is_switched_off_finds_nothing():
    wild = ScanFact(
        adjacent=50, shop_scans=5000, age=timedelta(days=90), draw=0,
        place=LVIV, shop_place=KYIV,
    )  # fmt: skip
    assert judge(wild, ScanLimits()).findings == ()


def test_distances():
    # 468 km by air
    assert get_distance(KYIV, LVIV) == pytest.approx(468, abs=2)
    assert get_distance(KYIV, KYIV) == 0
    assert get_distance((0, 0), (0, 180)) == pytest.approx(20015, abs=1)
