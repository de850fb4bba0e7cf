"""Receipts for tests: a picture of one, and what machines would see on it."""

import io
import random

import qrcode
from PIL import Image, ImageDraw, ImageFont

from odoo import fields

from ..claims.test_claims import ClaimCommon


def fiscal_code(day, number="77001", total="50.00"):
    """Return what the QR code of a receipt says."""
    return (
        "https://cabinet.tax.gov.ua/cashregs/check?"
        f"id={number}&fn=4000123456&sm={total}&date={day:%Y%m%d}&time=1230"
    )


def jpeg(text="RECEIPT No 100234", size=(300, 400), code=None, **options):
    """Return a small picture with a text, or with a QR code, as JPEG bytes."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    pen.multiline_text(
        (10, 10), text, fill="black", font=ImageFont.load_default(size=18)
    )
    if code:
        picture = qrcode.make(code).get_image()
    out = io.BytesIO()
    picture.convert("RGB").save(out, format="JPEG", **options)
    return out.getvalue()


STRANGE_SHOP = "QUZU XENIPA 123 456 789"


class ReceiptCommon(ClaimCommon):
    """A shop whose salespeople hand receipts in: 3 points per unit of our products."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.b2b2c_receipt_audit = 0
        cls.product.write({"name": "LED lamp 10W", "barcode": "4820000000017"})
        cls.receipts = cls.env["b2b2c.receipt"]
        cls.officer = cls._create_user("officer", "loyalty_b2b2c.group_officer")
        cls.today = fields.Date.today()

    @classmethod
    def _create_receipt_program(cls, **rule):
        kinds = cls.env.ref("loyalty_b2b2c.document_kind_receipt")
        kinds |= cls.env.ref("loyalty_b2b2c.document_kind_tax_stamp")
        return cls._create_program(
            {
                "name": "3 points per unit",
                "role": "salesperson",
                "pick": "contact",
                "kind": "per_unit",
                "value": 3,
                "trigger": "paid",
                "document_kind_ids": [(6, 0, kinds.ids)],
                **rule,
            }
        )

    def _upload(self, data=None, member=None, key=None, kind="receipt"):
        """Hand a photo in, a different one each time by default."""
        key = key or str(random.random())
        return self.receipts._upload(
            member or self.seller, [data or jpeg(key)], key, kind
        )

    def _see(
        self,
        fiscal="8123456789",
        number="100234",
        day=None,
        lines=(("LED lamp 10W", "4820000000017", 2, "50.00"),),
        total=None,
        paid=None,
        code=True,
        engines=("one", "two"),
        fingerprint=None,
        total_word="TOTAL",
    ):
        """Return what machines see on one page, as JSON."""
        day = day or self.today
        amounts = [quantity * float(price) for _n, _g, quantity, price in lines]
        total = total or f"{sum(amounts):.2f}"
        rows = ["CORNER SHOP", f"RECEIPT No {number}"]
        for (name, gtin, quantity, price), amount in zip(lines, amounts, strict=True):
            rows += [f"EAN {gtin}"] if gtin else []
            rows += [f"{quantity} x {price}", f"{name} {amount:.2f}"]
        rows += [f"{total_word} {total}", f"CARD {paid or total}"]
        rows += [f"FISCAL No {fiscal}", f"{day:%d.%m.%Y} 12:30:15"]
        address = fiscal_code(day, fiscal, total)
        bits = random.getrandbits(256)
        return {
            "codes": [["qrcode", address]] if code else [],
            "texts": dict.fromkeys(engines, rows),
            "fingerprint": fingerprint or f"{bits:064x}",
        }

    def _read(self, receipt, *pages, **see):
        """Let machines have read a receipt."""
        receipt.read_attempts = 1
        receipt._finish_reading(list(pages) or [self._see(**see)])
        return receipt

    def _hand_in(self, member=None, data=None, **see):
        """Upload a photo and let machines read it."""
        return self._read(self._upload(data, member), **see)

    def _strange(self, number="77001", count=2, shop=STRANGE_SHOP):
        """Return what machines see on a receipt of lamps at 50.00 in no language."""
        total = f"{count * 50}.00"
        rows = [
            shop,
            f"Zuqimo {number}",
            f"{count} x 50.00",
            f"LED lamp 10W {total}",
            f"Vaxeli {total}",
            f"{self.today:%d.%m.%Y} 12:30",
        ]
        return {
            "codes": [],
            "texts": {"one": rows, "two": list(rows)},
            "fingerprint": f"{hash(number) % 2**200:064x}",
        }

    def _receive(self, **strange):
        """Hand a receipt in no language in, as a picture, and let machines read it."""
        seen = self._strange(**strange)
        picture = jpeg("\n".join(seen["texts"]["one"]), size=(420, 300))
        return self._read(self._upload(picture), seen)
