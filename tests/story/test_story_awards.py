"""S1.27, S4.9: coupons and certificates as awards, given by the system itself.

"Milestones" gives one certificate for every second order of a client's employee, and
"First steps" one for a salesperson's first scan; each is exchanged at once for a coupon
of Odoo's own loyalty.
"""

import html
import re

from book import scene
from test_story_documents import _sell
from test_story_join import _make_codes
from test_story_s1 import _take

from tools.web_client import Session

REQUESTS = "/my/rewards/requests"


@scene("S1.27")
def test_rules(story):
    """a manager writes what is awarded"""
    manager = story.as_user("manager")
    admin = Session(story.url, story.database, "admin", "admin")
    story.memory["awards.admin"] = admin
    [coupons] = admin.call(
        "loyalty.program",
        "create",
        [
            {
                "name": "15 % off",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "rule_ids": [(5, 0, 0), (0, 0, {"minimum_amount": 0})],
                "reward_ids": [
                    (5, 0, 0),
                    (0, 0, {"reward_type": "discount", "discount": 15}),
                ],
            }
        ],
    )
    [unit] = manager.call(
        "b2b2c.unit",
        "create",
        [{"name": "Certificates", "symbol": "certificate", "kind": "internal"}],
    )
    [reward] = manager.call(
        "b2b2c.reward",
        "create",
        [
            {
                "name": "Coupon of 15 %",
                "kind": "coupon",
                "points": 1,
                "unit_id": unit,
                "coupon_program_id": coupons,
                "is_grant_only": True,
            }
        ],
    )
    _start(story, "Milestones", reward, unit, "employee", "sale.order", "every", 2)
    _start(story, "First steps", reward, unit, "salesperson", "scan", "only", 1)
    story.show(
        "S1.27",
        "the manager's two rules, and what their points are exchanged for",
        ", ".join(
            f"{row['name']}: {row['grant_reward_id'][1]}"
            for row in manager.call(
                "b2b2c.program",
                "search_read",
                [("grant_reward_id", "=", reward)],
                ["name", "grant_reward_id"],
                order="id",
            )
        ),
        "Milestones: Coupon of 15 %, First steps: Coupon of 15 %",
    )


@scene("S1.27")
def test_first_scan(story):
    """a salesperson scans, and has a coupon at once"""
    manager, nina = story.as_user("manager"), story.as_user("nina")
    codes = _make_codes(manager, count=2)["unit"]
    for code in codes:
        _take(nina, code)
    text = html.unescape(nina.page(REQUESTS)[1])
    said = re.search(
        r"Coupon of 15 %.*?(For the first sale\.).*?(044[0-9A-Z]{18})", text
    )
    story.show(
        "S1.27",
        "her first scan of two brings a coupon; her page says what for, with the code",
        f"{said[1]} {len(said[2])} characters" if said else text[:300],
        "For the first sale. 21 characters",
    )
    story.show(
        "S1.27",
        "one coupon for two scans",
        f"{_given(story, 'First steps')}",
        "given",
    )


@scene("S4.9")
def test_second_order(story):
    """the client's employee gets one for every second order"""
    story.memory["awards.orders"] = [_sell(story)]
    first = _given(story, "Milestones")
    story.memory["awards.orders"].append(_sell(story))
    story.show(
        "S4.9",
        "the first order brings nothing, the second a coupon",
        f"{first or 'nothing'}, {_given(story, 'Milestones')}",
        "nothing, given",
    )


@scene("S4.9")
def test_undone(story):
    """the first of the two orders is cancelled"""
    sales, admin = story.as_user("sales"), story.memory["awards.admin"]
    first = story.memory["awards.orders"][0]
    sales.call("sale.order", "action_cancel", [first])
    cards = admin.call(
        "loyalty.card",
        "search_read",
        [("active", "=", False), ("program_id.name", "=", "15 % off")],
        ["points"],
    )
    story.show(
        "S4.9",
        "one order is left: the unused coupon is taken back and worth nothing",
        f"{_given(story, 'Milestones')}, {[card['points'] for card in cards]}",
        "undone, [0.0]",
    )
    _sell(story)
    story.show(
        "S4.9",
        "the next order is the second one now",
        _given(story, "Milestones"),
        "undone, given",
    )


# === HELPERS === #


def _start(story, name, reward, unit, role, kind, milestone, number):
    """Create and start a program that grants a reward for a milestone."""
    manager = story.as_user("manager")
    [kind_id] = manager.search("b2b2c.document.kind", [("code", "=", kind)])
    rule = {
        "name": name,
        "role": role,
        "kind": "fixed",
        "value": 1,
        "scope": "document",
        "milestone": milestone,
        "milestone_number": number,
        "document_kind_ids": [(6, 0, [kind_id])],
    }
    [program] = manager.call(
        "b2b2c.program",
        "create",
        [
            {
                "name": name,
                "unit_id": unit,
                "grant_reward_id": reward,
                "rule_ids": [(0, 0, rule)],
            }
        ],
    )
    manager.call("b2b2c.program", "action_start", [program])


def _given(story, program):
    """Return the states of what a program granted, oldest first."""
    rows = story.as_user("manager").call(
        "b2b2c.grant",
        "search_read",
        [("program_id.name", "=", program)],
        ["state"],
        order="id",
    )
    return ", ".join(row["state"] for row in rows)
