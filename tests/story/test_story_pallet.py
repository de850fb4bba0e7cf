"""S2.10: a photo instead of many scans, with a neural network where a code is torn.

Nina photographs the boxes on a pallet. "Pallets" gives who scans 3 points per unit.
"""

import re
import uuid

from book import scene

from tools import receipt_photos

BOXES, TORN = 12, 5


@scene("S2.10")
def test_photo_of_a_pallet(story):
    """one photo of a pallet of 12 boxes, with a torn code on it"""
    manager = story.as_user("manager")
    _start_program(manager)
    codes = _make_codes(manager)
    picture = receipt_photos.pallet(codes, lambda c: f"{story.url}/l/{c}", (TORN,))
    photo = receipt_photos.photograph(picture, "perspective", seed=3)
    found = _send_photo(story, photo)
    read = {text.rpartition("/")[2] for text in found["codes"]}
    story.show(
        "S2.10",
        "sent one photo of 12 codes, one of them torn: all are read at once, that one "
        "by a neural network from the characters printed under it",
        f"{len(read)} codes, {found['printed']} printed, {read == set(codes)}",
        "12 codes, 1 printed, True",
    )
    answers = _take(story, found["codes"])
    again = _take(story, found["codes"])
    story.show(
        "S2.10",
        "each counts as if it had been scanned, once: 3 points a box",
        f"{_count(answers)}; again: {_count(again)}; {_points(story):g} points",
        "12 credited; again: 12 mine; 36 points",
    )


# === WHAT PEOPLE DO === #


def _start_program(manager):
    kinds = manager.search("b2b2c.document.kind", [("code", "=", "scan")])
    unit = manager.search("b2b2c.unit", [("kind", "=", "points")], limit=1)[0]
    rule = {
        "name": "Who scans a box",
        "role": "salesperson",
        "pick": "contact",
        "kind": "per_unit",
        "value": 3,
        "trigger": "paid",
        "document_kind_ids": [(6, 0, kinds)],
    }
    values = {
        "name": "Pallets",
        "unit_id": unit,
        "timezone": "UTC",
        "rule_ids": [(0, 0, rule)],
    }
    [program] = manager.call("b2b2c.program", "create", [values])
    manager.call("b2b2c.program", "action_start", [program])


def _make_codes(manager):
    """Return codes of boxes that come from different cartons of a batch."""
    [paper] = manager.search("product.product", [("default_code", "=", "PAPER")])
    values = {"name": "Pallet", "product_id": paper, "count": 30 * BOXES}
    [batch] = manager.call("b2b2c.code.batch", "create", [values])
    manager.call("b2b2c.code.batch", "action_make", [batch])
    rows = manager.call(
        "b2b2c.code",
        "search_read",
        [("batch_id", "=", batch), ("level", "=", "unit")],
        ["code"],
        order="serial",
    )
    return [row["code"] for row in rows[::30]]


def _send_photo(story, photo):
    """Send a photo from the page on which codes are scanned."""
    http, url = story.as_user("nina").http, f"{story.url}/my/rewards/scan"
    token = re.search(r'csrf_token: "(\w+)"', http.get(url, timeout=60).text).group(1)
    return http.post(
        f"{url}/photo",
        data={"csrf_token": token},
        files={"photo": ("pallet.jpg", photo, "image/jpeg")},
        timeout=180,
    ).json()


def _take(story, codes):
    """Register codes as the page does; return what each answer says."""
    answer = story.as_user("nina").http.post(
        f"{story.url}/my/rewards/scan/take",
        json={
            "jsonrpc": "2.0",
            "method": "call",
            "params": {
                "scans": [{"code": code, "key": uuid.uuid4().hex} for code in codes]
            },
        },
        timeout=120,
    )
    return [one["status"] for one in answer.json()["result"]]


def _count(statuses):
    return ", ".join(
        f"{statuses.count(status)} {status}" for status in dict.fromkeys(statuses)
    )


def _points(story):
    """Return what "Pallets" gave Nina; other programs may reward a scan, too."""
    rows = story.as_user("manager").call(
        "b2b2c.ledger.entry",
        "search_read",
        [
            ("member_id.name", "=", "Nina Tkachenko"),
            ("program_id.name", "=", "Pallets"),
        ],
        ["points"],
    )
    return sum(row["points"] for row in rows)
