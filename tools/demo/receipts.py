"""The demo's program for photos of receipts and tax stamps, and a desk with work on it.

The photos are drawn here; what machines saw on them is given, so that a demo does not
wait for a neural network and each of them waits for another reason.
"""

import datetime
import random

from tools import receipt_photos

TONER = "Toner cartridge black"
LIMIT = 1000  # from here on two people decide
TALL = 24  # lines of a receipt that needs scrolling


def load(env, remember):
    """Create and start "Receipts": 3 points per toner cartridge on a receipt.

    :param remember: function (env, name, record) that keeps a record findable
    """
    kinds = env.ref("loyalty_b2b2c.document_kind_receipt")
    kinds |= env.ref("loyalty_b2b2c.document_kind_tax_stamp")
    program = env["b2b2c.program"].create(
        {
            "name": "Receipts",
            "company_id": env.ref("base.main_company").id,
            "unit_id": env.ref("loyalty_b2b2c.unit_points").id,
            "timezone": "Europe/Kyiv",
            "description": "<p>Sold our toner? Photograph the receipt.</p>",
            "rule_ids": [
                (
                    0,
                    0,
                    {
                        "name": "3 points per cartridge on the receipt",
                        "role": "salesperson",
                        "pick": "contact",
                        "kind": "per_unit",
                        "value": 3,
                        "trigger": "paid",
                        "document_kind_ids": [(6, 0, kinds.ids)],
                    },
                )
            ],
        }
    )
    program.action_start()
    company = env.ref("base.main_company")
    company.write({"b2b2c_receipt_audit": 0, "b2b2c_receipt_limit": LIMIT})
    remember(env, "program_receipts", program)
    for number, (condition, receipt, misread) in enumerate(_get_photos(), start=1):
        picture = receipt_photos.draw(receipt)
        made = _hand_in(env, picture, condition, number, _see(receipt, misread))
        remember(env, f"receipt_{number}", made)
    stamp = receipt_photos.stamp("AAKT 204117")
    page = {"codes": [], "texts": {"one": ["АКЦИЗ", "ААКТ 204117"]}}
    _hand_in(env, stamp, "perspective", 9, page, kind="tax_stamp")


def _get_photos():
    """Return (how it was photographed, the receipt, what the machine misread) each."""
    return [
        # a single wrong figure would be overruled by the sum of the lines
        (
            "perspective",
            _receipt(1, [(TONER, "", 2, 7900)]),
            {"TOTAL": "188.00", "CARD": "188.00"},
        ),
        ("faded", _receipt(2, [(TONER, "", 3, 7900)], with_qr=False), {"RECEIPT": ""}),
        ("scan", _receipt(3, [(TONER, "", 20, 7900)]), {}),
        ("blur", _receipt(4, _get_many_lines()), {"TOTAL": ""}),
    ]


def _get_many_lines():
    rng = random.Random(7)
    names = receipt_photos.PRODUCTS["en"]
    others = [(rng.choice(names), "", 1, rng.randrange(300, 2500)) for _ in range(TALL)]
    return [*others, (TONER, "", 1, 7900)]


def _receipt(number, lines, with_qr=True):
    found = receipt_photos.random_receipt(
        random.Random(f"demo {number}"), "en", with_qr
    )
    found.seller = "CORNER STATIONERY"
    found.fiscal = f"82000001{number:02}"
    found.day = str(datetime.date.today() - datetime.timedelta(days=number))
    found.lines = lines
    return found


def _see(receipt, misread):
    """Return what machines saw on a receipt, as JSON.

    :param dict misread: first word of a row -> what was read behind it
    """
    day = datetime.date.fromisoformat(receipt.day)
    rows = [receipt.seller, f"RECEIPT No {receipt.number}"]
    for name, _gtin, quantity, price in receipt.lines:
        rows.append(f"{quantity} x {receipt_photos.money(price)}")
        rows.append(f"{name} {receipt_photos.money(quantity * price)}")
    rows += [f"TOTAL {receipt.total}", f"CARD {receipt.total}"]
    rows += [f"FISCAL No {receipt.fiscal}", f"{day:%d.%m.%Y} {receipt.time}"]
    rows = [
        " ".join((word, misread[word])) if (word := row.split()[0]) in misread else row
        for row in rows
    ]
    codes = [["qrcode", receipt.qr]] if receipt.with_qr else []
    return {"codes": codes, "texts": {"one": rows}}


def _hand_in(env, picture, condition, number, page, kind="receipt"):
    """Send a photo as the shop's salesperson, and let machines have read it.

    :return: the receipt
    """
    photo = receipt_photos.photograph(picture, condition, seed=number)
    nina = env.ref("__demo__.b2b2c_member_nina")
    receipt = env["b2b2c.receipt"]._upload(nina, [photo], f"demo-{number}", kind)
    receipt.read_attempts = 1
    bits = random.Random(number).getrandbits(256)
    receipt._finish_reading([{**page, "fingerprint": f"{bits:064x}"}])
    return receipt
