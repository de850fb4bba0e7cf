"""The photos the bench of receipts reads, and how what was read compares with them."""

import itertools
import random
import sys
from dataclasses import dataclass, replace
from decimal import Decimal

from tools import receipt_photos
from tools.workspace import ROOT

sys.path.append(str(ROOT / "loyalty_b2b2c"))

from recognition import sandbox  # noqa: E402  (needs the path above)
from recognition.products import Candidate, Catalogue  # noqa: E402

SEED = 2026
CONDITIONS = (*receipt_photos.CONDITIONS, *receipt_photos.FAR)
FIELDS = ("number", "fiscal number", "date", "total", "quantities and amounts")
# what a shop sells beside: one figure away from what is on the receipts
NEIGHBOURS = (
    "Cable NYM 3x1.5", "Circuit breaker C10", "LED lamp 15W", "Acrylic paint 10L",
    "Motor oil 10W40 4L", "Wall plug 8x40", "Кабель ВВГнг 3х1.5", "Автомат С10 1P",
    "Лампа LED 15Вт", "Фарба акрилова 10л", "Мастило 10W40 4л", "Дюбель 8х40",
)  # fmt: skip


@dataclass
class Shot:
    """One photo: what is on it, how it was taken, the page the reader gets."""

    truth: receipt_photos.Receipt
    condition: str
    data: bytes


def receipts(per_language, seed=SEED):
    """Receipts nobody has seen, of every language, in the forms of tills in turn."""
    rng = random.Random(seed)
    forms = itertools.cycle(receipt_photos.FORMS)
    return [
        replace(receipt_photos.random_receipt(rng, language), form=next(forms))
        for language in receipt_photos.LANGUAGES
        for _receipt in range(per_language)
    ]


def shots(truths):
    """Every receipt in every condition, as clean pages."""
    found = []
    for number, truth in enumerate(truths):
        sheet = receipt_photos.draw(truth)
        for condition in CONDITIONS:
            photo = receipt_photos.photograph(sheet, condition, number)
            [page] = sandbox.clean(photo)
            found.append(Shot(truth, condition, page))
    return found


# === COMPARING === #


def lines_of(truth):
    """``(quantity, amount)`` of every line."""
    return [
        (Decimal(quantity), Decimal(quantity * price) / 100)
        for _name, _gtin, quantity, price in truth.lines
    ]


def right(found, truth):
    """Field -> whether it was read as it is printed.

    :param found: ``recognition.fields.Fields`` or ``recognition.understand.Receipt``
    """
    lines = [(line.quantity, line.amount) for line in found.lines]
    marks = (
        found.number == truth.number,
        found.fiscal == truth.fiscal,
        str(found.issued_on) == truth.day,
        found.total == Decimal(truth.total),
        lines == lines_of(truth),
    )
    return dict(zip(FIELDS, marks, strict=True))


def creditable(found, truth, products):
    """Whether crediting what was read would be right, to the cent and the piece.

    An unknown product is no mistake: it earns nothing.
    """
    marks = right(found, truth)
    name = "fiscal number" if found.fiscal else "number"
    wanted = all(marks[one] for one in (name, *FIELDS[2:]))
    return wanted and "wrong" not in recognised(found, truth, products)


def recognised(found, truth, products):
    """Per line ``"right"``, ``"unknown"`` or ``"wrong"``: the product it counts for."""
    verdicts = []
    for line, printed in zip(found.lines, truth.lines, strict=False):
        product = products.catalogue.match(line.name, line.gtin)[0]
        if product is None:
            verdicts.append("unknown")
        else:
            same = product == products.ids[printed[0]]
            verdicts.append("right" if same else "wrong")
    return verdicts


class Products:
    """The catalogue of the shop: everything on the receipts, and its neighbours."""

    def __init__(self):
        names = [name for group in receipt_photos.PRODUCTS.values() for name in group]
        self.ids = {name: key for key, name in enumerate([*names, *NEIGHBOURS], 1)}
        self.catalogue = Catalogue(
            Candidate(key, (name,)) for name, key in self.ids.items()
        )
