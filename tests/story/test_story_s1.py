"""S1: a salesperson of somebody else's shop scans what she sells, on her own phone.

"Shop Sellers" gives her 10 points per toner cartridge; "Shop Owners" gives the owner of
her shop 2 points per unit, whoever of his people scans it.
"""

import html
import io
import re
import secrets

from book import scene
from pypdf import PdfReader

from tools.demo.codes import BLOCK, PALLET


@scene("S1.1")
def test_rules(story):
    """a manager has said what a sale is worth"""
    manager = story.as_user("manager")
    seller = _read(manager, "b2b2c.member", manager.demo("member_nina"))
    story.show(
        "S1.1",
        "takes part: a salesperson of a shop that is not our company",
        f"{seller['role']} of {seller['employer_id'][1]}",
        "salesperson of Corner Stationery",
    )
    story.show(
        "S1.12",
        "what counts is a rule of the manager, per product group",
        _rule(manager),
        "10 points per toner cartridge sold: 10",
    )


@scene("S1.2")
def test_cards(story):
    """a manager makes codes for warranty cards"""
    manager = story.as_user("manager")
    batch = manager.call(
        "b2b2c.code.batch",
        "create",
        [
            {
                "name": "Story cards",
                "product_id": manager.demo("product_toner"),
                "count": 5,
            }
        ],
    )[0]
    manager.call("b2b2c.code.batch", "action_make", [batch])
    codes = story.memory["cards"] = _codes(manager, batch, "unit")
    state = manager.read("b2b2c.code.batch", batch, "state")["state"]
    story.show(
        "S1.2",
        "made unique codes for 5 warranty cards, ready to print",
        f"{len(set(codes))} codes of {set(map(len, codes))} characters, {state}",
        "5 codes of {16} characters, active",
    )
    wizard = manager.call("b2b2c.code.batch", "action_print", [batch])["res_id"]
    manager.call(
        "b2b2c.code.print", "write", [wizard], {"kind": "insert", "print_anyway": True}
    )
    action = manager.call("b2b2c.code.print", "action_print", [wizard])
    pdf = manager.http.get(story.url + action["url"], timeout=60).content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    found = sum(_printed(code) in text for code in codes)
    story.show(
        "S1.2",
        "printed inserts for warranty cards: each code is on the sheet",
        f"{found} of {len(codes)}",
        "5 of 5",
    )


@scene("S1.3")
def test_scan(story):
    """she opens the code's address on her own phone and scans"""
    nina = story.as_user("nina")
    code = story.memory["cards"][0]
    page = nina.http.get(f"{story.url}/l/{code}", timeout=60)
    story.show(
        "S1.3",
        "her phone's own camera opens the label's address: the scan page",
        f"HTTP {page.status_code}, {page.url.removeprefix(story.url).split('?')[0]}",
        "HTTP 200, /my/rewards/scan",
    )
    before = _points(nina)
    key = secrets.token_hex(16)
    answer = _take(nina, code, key)
    story.show(
        "S1.4",
        "scanned: the points are usable in the same second",
        f"{before}, then {_points(nina)}",
        "0 pts, then 10 pts",
    )
    story.show(
        "S1.5",
        "the answer on her phone",
        f"{answer['message']} {answer['points']}, {answer['product']}, "
        f"{answer['balances'][0]}",
        "Done! 10 pts, Toner cartridge black, 10 pts",
    )
    story.show(
        "S1.7",
        "the reward is for a sale: the statement says so",
        _statement(nina),
        "Code scan, Earned, +10 pts, 10 points per toner cartridge sold",
    )
    again = _take(nina, code, key)
    story.show(
        "S1.10",
        "the phone lost the answer and sends the same scan again: counted once",
        f"{again['points']}, {_points(nina)}",
        "10 pts, 10 pts",
    )


@scene("S1.11")
def test_once(story):
    """a code pays once, and nobody guesses one"""
    nina, ihor = story.as_user("nina"), story.as_user("ihor")
    code = story.memory["cards"][0]
    mine, other = _take(nina, code), _take(ihor, code)
    guess = _take(nina, code[:-1] + ("0" if code[-1] != "0" else "1"))
    story.show(
        "S1.11",
        "the same card again, by the owner, and with a wrong character",
        [mine["status"], other["status"], guess["status"], _points(nina)],
        ["mine", "refused", "typo", "10 pts"],
    )


@scene("S1.12")
def test_new_rule(story):
    """the manager changes the rule"""
    manager, nina = story.as_user("manager"), story.as_user("nina")
    rule = _find_rule(manager)
    new = manager.call("b2b2c.earning.rule", "action_new_version", [rule])["res_id"]
    manager.call("b2b2c.earning.rule", "write", [new], {"value": 25})
    answer = _take(nina, story.memory["cards"][1])
    story.show(
        "S1.12",
        "the manager promises 25 points from now on: the next scan brings",
        f"{answer['points']}, {_points(nina)}",
        "25 pts, 35 pts",
    )


@scene("S2.4")
def test_blocks(story):
    """a seller scans, the owner is credited"""
    manager, nina = story.as_user("manager"), story.as_user("nina")
    batch = manager.demo("batch_boxes")
    units, packed, pallets = (
        _codes(manager, batch, level) for level in ("unit", "block", "pallet")
    )
    before = _owner(story), _points(nina)
    answer = _take(nina, packed[0])
    story.show(
        "S2.4",
        "she scans the code of a block of 5 boxes: 2 points a box for the owner",
        f"{answer['quantity']} boxes, owner +{_owner(story) - before[0]:g}, "
        f"she {before[1]}, then {_points(nina)}",
        "5 boxes, owner +10, she 35 pts, then 35 pts",
    )
    before = _owner(story)
    answer = _take(nina, pallets[1])
    story.show(
        "S2.8",
        "a pallet of 2 blocks, one code: its boxes count once",
        f"{answer['quantity']} boxes, owner +{_owner(story) - before:g}",
        "10 boxes, owner +20",
    )
    before = _owner(story)
    ihor = story.as_user("ihor")
    per_unit = BLOCK * PALLET
    answers = [
        _take(ihor, units[place])["status"]
        for place in (0, 4 * per_unit, 4 * per_unit + 1)
    ]
    story.show(
        "S2.9",
        "each box by its own code: one of the paid block, two others",
        f"{answers}, owner +{_owner(story) - before:g}",
        "['refused', 'credited', 'credited'], owner +4",
    )


# === HELPERS === #


def _read(person, model, record):
    return person.read(model, record, "role", "employer_id")


def _find_rule(manager):
    [rule] = manager.search(
        "b2b2c.earning.rule", [("program_id.name", "=", "Shop Sellers")]
    )
    return rule


def _rule(manager):
    row = manager.read("b2b2c.earning.rule", _find_rule(manager), "name", "value")
    return f"{row['name']}: {row['value']:g}"


def _codes(manager, batch, level):
    """Return the codes of a batch in order, as its labels show them."""
    rows = manager.call(
        "b2b2c.code",
        "search_read",
        [("batch_id", "=", batch), ("level", "=", level)],
        ["code"],
        order="serial",
    )
    return [row["code"] for row in rows]


def _printed(code):
    """Return a code the way it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _take(person, code, key=None):
    """Send a scan as the page does."""
    key = key or secrets.token_hex(16)
    scans = [{"code": code, "key": key}]
    return person.post("/my/rewards/scan/take", {"scans": scans})[0]


def _points(person):
    """Return what the person may use, as the scan page shows it."""
    text = person.http.get(f"{person.url}/my/rewards/scan", timeout=60).text
    found = re.search(r'"balances": \["(\d+ pts)"', html.unescape(text))
    return found[1] if found else "0 pts"


def _statement(person):
    """Return document, kind, points and rule of the newest row of the statement."""
    text = html.unescape(person.page("/my/rewards")[1])
    wanted = r"(Code scan) \S+ (Earned) .*?(\+10 pts) .*?rule “([^”]+)”"
    found = re.search(wanted, text)
    return ", ".join(found.groups()) if found else text


def _owner(story):
    """Return what the owner of the shop may use."""
    manager = story.as_user("manager")
    member = manager.demo("member_ihor")
    return manager.read("b2b2c.member", member, "points_available")["points_available"]
