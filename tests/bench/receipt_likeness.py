"""Whether new photos of one receipt look alike, and those of others do not."""

import io
import itertools
import random
from dataclasses import replace

from harness import limit, note
from PIL import Image
from receipt_set import CONDITIONS, receipts
from recognition import fingerprint, paper

from tools import receipt_photos

PER_LANGUAGE = 8
SEED = 9


def likeness():
    """Rows: new photos that are recognised, and other receipts called the same."""
    marks = {
        (number, condition, photo): mark(sheet, condition, number, photo)
        for number, sheet in enumerate(map(receipt_photos.draw, pairs_of_one_shop()))
        for condition in CONDITIONS
        for photo in (0, 1)
    }
    sheets = range(1 + max(number for number, _c, _p in marks))
    by_condition = {
        condition: percent(
            alike(marks[number, condition, 0], marks[number, condition, 1])
            for number in sheets
        )
        for condition in CONDITIONS
    }
    others = [
        alike(marks[one, first, 0], marks[other, second, 1])
        for one, other in itertools.permutations(sheets, 2)
        for first, second in itertools.product(CONDITIONS, repeat=2)
    ]
    total = sum(by_condition.values()) / len(by_condition)
    return [
        {
            **note("likeness: new photo of one receipt known again, %", total),
            "group": "likeness",
            "engine": "new photo of one receipt known again",
            "by_condition": by_condition,
        },
        note("likeness: pairs of photos of different receipts", len(others)),
        limit("likeness: of these called alike", sum(others), "= 0", not any(others)),
    ]


def pairs_of_one_shop():
    """Receipts in pairs: same shop and form, other products, prices and numbers."""
    rng = random.Random(SEED)
    found = []
    for one in receipts(PER_LANGUAGE, SEED):
        other = receipt_photos.random_receipt(rng, one.language)
        names = receipt_photos.PRODUCTS[one.language]
        lines = [
            (rng.choice(names), gtin, rng.choice([1, 2, 3]), rng.randrange(990, 250000))
            for _name, gtin, _quantity, _price in one.lines
        ]
        found += [one, replace(other, seller=one.seller, lines=lines)]
    return found


def mark(sheet, condition, number, photo):
    """The fingerprint of a photo of a sheet, which fades once and for all."""
    data = receipt_photos.photograph(sheet, condition, 100 * number + photo, number)
    gray = Image.open(io.BytesIO(data)).convert("L")
    return fingerprint.of(paper.straighten(gray))


def alike(one, other):
    return fingerprint.distance(one, other) <= fingerprint.ALIKE


def percent(marks):
    marks = list(marks)
    return 100 * sum(marks) / len(marks)
