"""Draws receipts and photographs them badly: for the bench, the story and tests.

Everything is made up; the truth about each picture comes with it.  Same seed, same
pictures.
"""

import io
import random
from dataclasses import dataclass, field

import cv2
import numpy
import qrcode
import zxingcpp
from PIL import Image, ImageDraw

from tools import recognition_data

LANGUAGES = ("en", "uk")
CONDITIONS = (
    "scan",
    "perspective",
    "blur",
    "low light",
    "faded",
    "jpeg",
    "all at once",
)
# another photo from farther away: condition -> (its condition, how small it gets)
FAR = {"dark and far": ("low light", 0.32), "all at once, far": ("all at once", 0.42)}
# where a till prints ``2 x 5.00``: above the name; below it, with the amount; or above
# it, but never for one piece
FORMS = ("above", "below", "silent")
WIDTH = 640
MARGIN = 34

PRODUCTS = {
    "en": [
        "Cable NYM 3x2.5",
        "Circuit breaker C16",
        "Socket white",
        "LED lamp 10W",
        "Acrylic paint 5L",
        "Tile adhesive 25kg",
        "Motor oil 5W30 4L",
        "Oil filter",
        "Wall plug 6x40",
    ],
    "uk": [
        "Кабель ВВГнг 3х2.5",
        "Автомат С16 1P",
        "Розетка біла",
        "Лампа LED 10Вт",
        "Фарба акрилова 5л",
        "Клей для плитки 25кг",
        "Мастило 5W30 4л",
        "Фільтр масляний",
        "Дюбель 6х40",
    ],
}
SELLERS = {
    "en": ["BUILDMART LTD", "ELECTRO WORLD INC", "NORTH TRADE LLC"],
    "uk": ['ТОВ "БУДПОСТАЧ"', "ФОП Шевченко О.І.", 'ТОВ "ЕЛЕКТРОСВІТ"'],
}
WORDS = {
    "en": {
        "address": "12 Market Street",
        "tax": "TAX ID",
        "number": "RECEIPT No",
        "code": "EAN",
        "total": "TOTAL",
        "vat": "VAT 20%",
        "paid": "CARD",
        "fiscal": "FISCAL No",
        "register": "REGISTER No",
        "end": "THANK YOU",
    },
    "uk": {
        "address": "м. Київ, вул. Лесі Українки, 12",
        "tax": "ІД",
        "number": "ЧЕК №",
        "code": "ШК",
        "total": "СУМА",
        "vat": "ПДВ А 20%",
        "paid": "КАРТКА",
        "fiscal": "ФН ЧЕКА",
        "register": "ФН ПРРО",
        "end": "ФІСКАЛЬНИЙ ЧЕК",
    },
}


@dataclass
class Receipt:
    """What is printed: the truth the bench compares with."""

    language: str = "en"
    seller: str = "BUILDMART LTD"
    number: str = "100234"
    fiscal: str = "8123456789"
    register: str = "4000123456"
    day: str = "2026-03-02"
    time: str = "12:30:15"
    lines: list = field(default_factory=list)  # (name, gtin or "", quantity, cents)
    with_qr: bool = True
    form: str = "above"  # see FORMS

    @property
    def cents(self):
        """The total."""
        return sum(quantity * price for _name, _gtin, quantity, price in self.lines)

    @property
    def total(self):
        return money(self.cents)

    @property
    def qr(self):
        """What the tax service's QR says."""
        return (
            "https://cabinet.tax.gov.ua/cashregs/check?"
            f"id={self.fiscal}&fn={self.register}&sm={self.total}"
            f"&date={self.day.replace('-', '')}&time={self.time[:5].replace(':', '')}"
        )


def money(cents):
    return f"{cents // 100}.{cents % 100:02}"


def gtin13(body):
    """Twelve digits with their check digit."""
    weighted = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body))
    return body + str(-weighted % 10)


def random_receipt(rng, language, with_qr=True):
    """A receipt nobody has seen."""
    lines = [
        (
            rng.choice(PRODUCTS[language]),
            gtin13("482" + _digits(rng, 9)) if rng.random() < 0.6 else "",
            rng.choice([1, 1, 2, 3, 5]),
            rng.randrange(990, 250000),
        )
        for _line in range(rng.randrange(2, 6))
    ]
    return Receipt(
        language=language,
        seller=rng.choice(SELLERS[language]),
        number=_digits(rng, rng.choice([6, 8])),
        fiscal=_digits(rng, 10),
        register="4000" + _digits(rng, 6),
        day=f"2026-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
        time=f"{rng.randrange(8, 21):02}:{rng.randrange(60):02}:{rng.randrange(60):02}",
        lines=lines,
        with_qr=with_qr,
    )


def _digits(rng, count):
    return rng.choice("123456789") + "".join(
        rng.choice("0123456789") for _digit in range(count - 1)
    )


# === DRAWING === #


def draw(receipt, size=26):
    """A receipt as a clean picture, mode L."""
    words = WORDS[receipt.language]
    rows = [
        ("center", receipt.seller),
        ("center", words["address"]),
        ("left", f"{words['tax']} 1234567890"),
        ("left", f"{words['number']} {receipt.number}"),
        ("rule",),
    ]
    for name, gtin, quantity, price in receipt.lines:
        if gtin:
            rows.append(("left", f"{words['code']} {gtin}"))
        times, amount = f"{quantity} x {money(price)}", money(quantity * price)
        if receipt.form == "below":
            rows += [("left", name), ("both", times, amount)]
            continue
        if quantity > 1 or receipt.form == "above":
            rows.append(("left", times))
        rows.append(("both", name, amount))
    year, month, day = receipt.day.split("-")
    rows += [
        ("rule",),
        ("big", words["total"], receipt.total),
        ("both", words["vat"], money(round(receipt.cents / 6))),
        ("both", words["paid"], receipt.total),
        ("rule",),
        ("left", f"{words['fiscal']} {receipt.fiscal}"),
        ("left", f"{words['register']} {receipt.register}"),
        ("left", f"{day}.{month}.{year} {receipt.time}"),
    ]
    if receipt.with_qr:
        rows.append(("qr", receipt.qr))
    rows.append(("center", words["end"]))
    return render(rows, size)


def stamp(serial, language="uk"):
    """A tax stamp as a clean picture, mode L."""
    head = (
        ("УКРАЇНА", "МАРКА АКЦИЗНОГО ПОДАТКУ")
        if language == "uk"
        else (
            "UNITED REPUBLIC",
            "EXCISE STAMP",
        )
    )
    rows = [
        ("center", head[0]),
        ("center", head[1]),
        ("rule",),
        ("big", "", serial),
        ("rule",),
        ("center", "02/2026"),
    ]
    return render(rows, 30)


def label(kind, text):
    """A sticker with one code as a clean picture, mode L.

    :param kind: ``"EAN13"`` or ``"DataMatrix"``
    """
    wide = 380 if kind == "EAN13" else 180
    code = zxingcpp.write_barcode(getattr(zxingcpp.BarcodeFormat, kind), text)
    picture = Image.fromarray(numpy.asarray(code))
    tall = 160 if kind == "EAN13" else wide
    picture = picture.resize((wide, tall), Image.Resampling.NEAREST)
    rows = [("center", "LED LAMP 10W"), ("code", picture), ("center", text)]
    return render(rows, 26)


def pallet(codes, address, torn=()):
    """Boxes on a pallet, each with a label: a QR code, and its characters below.

    :param codes: of sixteen characters
    :param address: function that returns what the QR code of a code holds
    :param torn: positions of labels of which half of the QR code is torn off
    """
    across, side, tall = 4, 360, 430
    down = -(-len(codes) // across)
    picture = Image.new("L", (across * side + 40, down * tall + 40), 150)
    pen = ImageDraw.Draw(picture)
    font = recognition_data.font(27)
    for place, code in enumerate(codes):
        left, top = 40 + place % across * side, 40 + place // across * tall
        pen.rectangle((left, top, left + side - 40, top + tall - 50), 245)
        picture.paste(_qr(address(code)).resize((240, 240)), (left + 40, top + 20))
        for half in (0, 1):
            shown = "-".join(code[start : start + 4] for start in range(0, 16, 4))
            text = shown[10 * half : 10 * half + 9 + (not half)]
            pen.text((left + 60, top + 280 + 38 * half), text, fill=30, font=font)
        if place in torn:
            # along a diagonal, so that two of the three corner marks are gone
            tear = (
                (left, top),
                (left + 320, top),
                (left + 300, top + 90),
                (left, top + 250),
            )
            pen.polygon(tear, fill=120)
    return picture


def render(rows, size):
    plain = recognition_data.font(size)
    large = recognition_data.font(round(size * 1.35))
    step = round(size * 1.4)
    heights = {"big": round(step * 1.5), "qr": 300, "code": 200}
    height = sum(heights.get(row[0], step) for row in rows) + 2 * MARGIN + 20
    picture = Image.new("L", (WIDTH, height), 250)
    pen = ImageDraw.Draw(picture)
    y = MARGIN
    for kind, *texts in rows:
        if kind in ("qr", "code"):
            code = _qr(texts[0]) if kind == "qr" else texts[0]
            picture.paste(code, ((WIDTH - code.width) // 2, y + 10))
        elif kind == "rule":
            pen.line((MARGIN, y + step // 2, WIDTH - MARGIN, y + step // 2), 60, 2)
        else:
            _write(pen, kind, texts, y, large if kind == "big" else plain)
        y += heights.get(kind, step)
    return picture


def _write(pen, kind, texts, y, font):
    widths = [pen.textlength(text, font=font) for text in texts]
    left = (WIDTH - widths[0]) / 2 if kind == "center" else MARGIN
    pen.text((left, y), texts[0], fill=30, font=font)
    if len(texts) > 1:
        pen.text((WIDTH - MARGIN - widths[1], y), texts[1], fill=30, font=font)


def _qr(text):
    code = qrcode.QRCode(border=4, box_size=5)
    code.add_data(text)
    code.make()
    image = code.make_image().get_image().convert("L")
    return image.resize((280, 280), Image.Resampling.NEAREST)


# === PHOTOGRAPHING === #


def photograph(clean, condition, seed=0, wear=None):
    """A phone's JPEG of a clean picture, as bytes.

    :param seed: of the photo: another one is another photo of the same sheet
    :param wear: seed of how the sheet has faded, the photo's when left out
    """
    if condition in FAR:
        near, share = FAR[condition]
        return _farther(photograph(clean, near, seed, wear), share)
    noise = numpy.random.default_rng(seed)
    rng = random.Random(seed)
    sheet = numpy.asarray(clean)
    if condition in ("faded", "all at once"):
        worn = noise if wear is None else numpy.random.default_rng(wear)
        sheet = _faded(sheet, 0.45 if condition == "faded" else 0.7, worn)
    pixels = _on_table(sheet, condition, rng, noise)
    if condition == "all at once":
        pixels = cv2.resize(pixels, None, fx=0.75, fy=0.75)
    if condition in ("low light", "all at once"):
        fall = numpy.linspace(1, 0.6, pixels.shape[1])[None]
        pixels = pixels * fall * (0.3 if condition == "low light" else 0.5)
        pixels = pixels + noise.standard_normal(pixels.shape) * 6
    blur = {"blur": 2.2, "all at once": 1.2}.get(condition, 0.5)
    pixels = cv2.GaussianBlur(pixels.astype("f4"), (0, 0), blur)
    pixels = pixels + noise.standard_normal(pixels.shape) * 2
    quality = {"scan": 92, "jpeg": 15, "all at once": 45}.get(condition, 82)
    return jpeg(Image.fromarray(numpy.clip(pixels, 0, 255).astype("u1")), quality)


def _farther(data, share):
    """The same photo with fewer pixels."""
    picture = Image.open(io.BytesIO(data))
    size = [round(side * share) for side in picture.size]
    return jpeg(picture.resize(size, Image.Resampling.BOX), 70)


def _faded(sheet, strength, noise):
    """Thermal print that has lain in a pocket: pale, and not everywhere the same."""
    height, width = sheet.shape
    patches = noise.standard_normal((height // 40 + 2, width // 60 + 2))
    patches = cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC)
    ink = numpy.clip(strength + 0.13 * patches, 0.15, 1)
    return (250 - (250 - sheet.astype("f4")) * ink).astype("u1")


def _on_table(sheet, condition, rng, noise):
    """The sheet lying on a dark table, seen from an angle."""
    height, width = sheet.shape
    wide, tall = round(width * 1.35), round(height * 1.15)
    tilt, turn = {"scan": (0, 0.5), "perspective": (0.09, 8)}.get(condition, (0.03, 3))
    corners = numpy.float32([[0, 0], [width, 0], [width, height], [0, height]])
    moved = corners - [width / 2, height / 2]
    shift = [[rng.uniform(-tilt, tilt) for _axis in "xy"] for _corner in corners]
    moved = moved * (1 + numpy.float32(shift))
    angle = numpy.deg2rad(rng.uniform(-turn, turn))
    spin = numpy.float32(
        [
            [numpy.cos(angle), -numpy.sin(angle)],
            [numpy.sin(angle), numpy.cos(angle)],
        ]
    )
    moved = (moved @ spin.T + [wide / 2, tall / 2]).astype("f4")
    matrix = cv2.getPerspectiveTransform(corners, moved)
    table = rng.randrange(40, 110) + noise.standard_normal((tall, wide)) * 6
    lying = cv2.warpPerspective(sheet, matrix, (wide, tall)).astype("f4")
    mask = cv2.warpPerspective(numpy.full(sheet.shape, 255, "u1"), matrix, (wide, tall))
    share = mask.astype("f4") / 255
    return table * (1 - share) + lying * share


def jpeg(picture, quality=85, **options):
    """A picture as JPEG bytes."""
    out = io.BytesIO()
    picture.convert("RGB").save(out, format="JPEG", quality=quality, **options)
    return out.getvalue()
