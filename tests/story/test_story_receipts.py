"""S1.13 to S1.16, S1.18: photos of receipts and tax stamps.

Nina sells for a shop of somebody else.  "Receipts" gives her 3 points per cartridge on
a receipt.  The photos are made here; what reads them are the product's own readers.
"""

import datetime
import random
import re

from book import scene

from tools import receipt_photos
from tools.odoo_env import open_environment

TONER = "Toner cartridge black"


@scene("S1.13")
def test_with_code(story):
    """the salesperson photographs a receipt with a QR code"""
    receipt = _receipt(1, fiscal="8123456701", quantity=2)
    before = _points(story)
    said = _send(story, "nina", receipt_photos.draw(receipt))
    _read(story)
    row = _last(story)
    story.show(
        "S1.13",
        "sent the photo from the phone: it is read in the background",
        said,
        "Being read",
    )
    story.show(
        "S1.15",
        "its QR code and its text agree: credited, nobody looked at it",
        f"{row['state']}, {row['fiscal_number']}, {row['amount_total']:.2f}, "
        f"+{_points(story) - before:g} points",
        f"accepted, 8123456701, {receipt.total}, +6 points",
    )
    again = _send(story, "ihor", receipt_photos.draw(receipt))
    _read(story)
    row = _last(story)
    story.show(
        "S1.13",
        "somebody else sends the same receipt: each counts once",
        f"{again}; {row['state']}: {row['reason_text']}",
        "Being read; refused: This receipt was handed in before; each counts once.",
    )


@scene("S1.14")
def test_without_code(story):
    """a receipt without a QR code is read by a neural network and by a person"""
    receipt = _receipt(2, fiscal="8123456702", quantity=3, with_qr=False)
    before = _points(story)
    _send(story, "nina", receipt_photos.draw(receipt))
    _read(story, audit=100)
    row = _last(story)
    story.show(
        "S1.14",
        "the neural network read number and total from the printed text",
        f"{row['fiscal_number']}, {row['amount_total']:.2f}",
        f"8123456702, {receipt.total}",
    )
    manager = story.as_user("manager")
    # what a machine misread is put right: the picture says three
    [line] = row["line_ids"]
    change = {"line_ids": [(1, line, {"quantity": 3})]}
    manager.call("b2b2c.receipt", "write", [row["id"]], change)
    day = manager.call("b2b2c.desk", "get_day")
    waiting = {
        line["key"]: line["count"]
        for section in day["sections"]
        for line in section["lines"]
    }
    shown = manager.read("b2b2c.receipt", row["id"], "pays_text")["pays_text"]
    story.show(
        "S1.16",
        "it stands on the desk of the day, and beside the button what approving pays",
        f"{waiting['receipts'] > 0}, {shown.partition(' +')[0]}",
        "True, Nina Tkachenko",
    )
    manager.call("b2b2c.receipt", "action_approve", [row["id"]])
    manager.call("b2b2c.receipt", "action_undo", [row["id"]])
    story.show(
        "S1.16",
        "approved by a slip and undone: the points are back, the receipt waits",
        f"{_last(story)['state']}, +{_points(story) - before:g} points",
        "review, +0 points",
    )
    manager.call("b2b2c.receipt", "action_approve", [row["id"]])
    story.show(
        "S1.16",
        "a person, who looks at a share of all, compares with the picture and approves",
        f"{row['state']}, {_last(story)['state']}, +{_points(story) - before:g} points",
        "review, accepted, +9 points",
    )


@scene("S1.18")
def test_stamp(story):
    """a tax stamp is recognized by its serial"""
    picture = receipt_photos.stamp("AAPX 123456")
    _send(story, "nina", picture, kind="tax_stamp")
    _read(story)
    row = _last(story)
    story.show("S1.18", "the serial of the stamp was read", row["serial"], "AAPX123456")
    if row["state"] == "review":
        _approve_stamp(story, row)
    _send(story, "ihor", picture, kind="tax_stamp")
    _read(story)
    row = _last(story)
    story.show(
        "S1.18",
        "another photo of the same stamp, by somebody else: it is not unique",
        f"{row['state']}: {row['reason_text']}",
        "refused: This stamp was handed in before; each counts once.",
    )


# === WHAT PEOPLE DO === #


def _approve_stamp(story, row):
    """Say which product a stamp was on, which no stamp tells, and approve it."""
    manager = story.as_user("manager")
    [toner] = manager.search("product.product", [("name", "=", TONER)])
    lines = [(1, line, {"product_id": toner}) for line in row["line_ids"]]
    change = {"line_ids": lines or [(0, 0, {"product_id": toner, "quantity": 1})]}
    manager.call("b2b2c.receipt", "write", [row["id"]], change)
    manager.call("b2b2c.receipt", "action_approve", [row["id"]])


def _receipt(seed, fiscal, quantity, with_qr=True):
    found = receipt_photos.random_receipt(random.Random(seed), "en", with_qr)
    found.fiscal = fiscal
    found.day = str(datetime.date.today() - datetime.timedelta(days=1))
    found.lines = [(TONER, "", quantity, 7900)]
    return found


def _send(story, login, picture, kind="receipt"):
    """Upload a new photo of a picture; return what the page says of it."""
    photos = story.memory["photos"] = story.memory.get("photos", 0) + 1
    http, url = story.as_user(login).http, f"{story.url}/my/rewards/receipts"
    page = http.get(url, timeout=60).text
    fields = {
        name: re.search(rf'name="{name}" value="([^"]+)"', page)[1]
        for name in ("csrf_token", "key")
    }
    photo = receipt_photos.photograph(picture, "scan", seed=photos)
    answer = http.post(
        url,
        data={**fields, "kind": kind},
        files={"photo": ("photo.jpg", photo, "image/jpeg")},
        timeout=120,
    )
    found = re.search(r'class="badge[^"]*">([^<]+)<', answer.text)
    return found[1] if answer.status_code == 200 and found else answer.status_code


def _read(story, audit=0):
    """Run the scheduled action that reads photos.

    :param audit: how many of a hundred receipts a person looks at in any case
    """
    with open_environment(story.database) as env:
        env.registry.check_signaling()  # as a worker does: programs have changed
        env.ref("base.main_company").b2b2c_receipt_audit = audit
        env.cr.commit()
        env["b2b2c.receipt"]._cron_read()


def _last(story):
    [row] = story.as_user("manager").call(
        "b2b2c.receipt",
        "search_read",
        [],
        [
            "state",
            "fiscal_number",
            "serial",
            "amount_total",
            "reason_text",
            "line_ids",
        ],
        limit=1,
        order="id desc",
    )
    return row


def _points(story):
    """Return what "Receipts" gave Nina; other programs may reward a receipt, too."""
    rows = story.as_user("manager").call(
        "b2b2c.ledger.entry",
        "search_read",
        [
            ("member_id.name", "=", "Nina Tkachenko"),
            ("program_id.name", "=", "Receipts"),
        ],
        ["points"],
    )
    return sum(row["points"] for row in rows)
