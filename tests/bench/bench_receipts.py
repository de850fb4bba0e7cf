"""Reading receipts: codes, fields, what is credited unseen, time, memory, likeness.

On photos made by ``tools/receipt_photos.py``, the same ones every time.  Rows carry
their shares by condition, too: ``receipt_table.py`` makes ``docs/receipts.md`` of them.
"""

import io
import time
from dataclasses import replace

import psutil
import receipt_set
import zxingcpp
from harness import limit, median, note
from PIL import Image
from receipt_likeness import likeness
from receipt_memory import hostile
from receipt_set import CONDITIONS, FIELDS
from recognition import barcodes, fields, sandbox, understand

from tools import receipt_photos

PER_LANGUAGE = 10
LABELS = 20
TIMED = 2  # receipts per engine whose time is taken alone
MEGABYTE = 1024  # of kilobytes
LOOKS = {
    "ZXing, first look": None,
    "ZXing": ("zxingcpp",),
    "zbar": ("pyzbar.pyzbar",),
    "both, as used": barcodes.LIBRARIES,
}


def run(ctx):
    """Rows: shares in percent, seconds, megabytes."""
    shots = receipt_set.shots(receipt_set.receipts(PER_LANGUAGE))
    ctx.say(f"{len(shots)} photos")
    receipts = [(one.condition, one.truth.qr, one.data) for one in shots]
    rows = [*code_rows("QR code", receipts), *label_rows()]
    pages, seconds, peak = look(shots)
    rows += field_rows(shots, pages)
    rows += credit_rows(shots, pages)
    rows += time_rows(shots, seconds)
    rows += [note("memory, all engines, MB", peak), *hostile()]
    return rows + likeness()


def share(group, name, marks):
    """A row with the percentage of what holds, overall and by condition.

    :param marks: list of ``(condition, does it hold?)``
    """
    by_condition = {}
    for condition, holds in marks:
        by_condition.setdefault(condition, []).append(holds)
    return {
        **note(f"{group}: {name}, %", percent([holds for _c, holds in marks])),
        "group": group,
        "engine": name,
        "by_condition": {key: percent(held) for key, held in by_condition.items()},
    }


def percent(marks):
    """How many hold, of a hundred."""
    return 100 * sum(marks) / len(marks)


# === CODES === #


def code_rows(group, photos):
    """How many codes each library reads.

    :param photos: list of ``(condition, text of the code, JPEG)``
    """
    rows = []
    for name, libraries in LOOKS.items():
        marks = []
        for condition, text, data in photos:
            gray = Image.open(io.BytesIO(data)).convert("L")
            if libraries:
                found = [one for _kind, one in barcodes.read(gray, libraries)]
            else:
                found = [one.text for one in zxingcpp.read_barcodes(gray)]
            marks.append((condition, text in found))
        rows.append(share(group, name, marks))
    return rows


def label_rows():
    """The other kinds of codes, on stickers."""
    rows = []
    for kind, text in (("EAN13", "4820000000017"), ("DataMatrix", "7K3M9QX2V5TBHR4C")):
        sheet = receipt_photos.label(kind, text)
        photos = [
            (condition, text, receipt_photos.photograph(sheet, condition, seed))
            for condition in CONDITIONS
            for seed in range(LABELS)
        ]
        rows += code_rows(kind, photos)
    return rows


# === TEXT === #


def look(shots, names=None):
    """``(pages, seconds of each, megabytes of the reader at most)``."""
    pages, seconds = [], []
    with sandbox.Reader(names) as reader:
        reader.look([shots[0].data])  # loading the networks is not reading
        [process] = psutil.Process().children()
        for shot in shots:
            started = time.perf_counter()
            pages += reader.look([shot.data])
            seconds.append(time.perf_counter() - started)
        return pages, seconds, peak_memory(process.pid)


def peak_memory(pid):
    """The most megabytes a process ever had in memory."""
    with open(f"/proc/{pid}/status") as status:
        [line] = [line for line in status if line.startswith("VmHWM:")]
    return int(line.split()[1]) / MEGABYTE


def field_rows(shots, pages):
    """Fields per engine, and put together as the program does."""
    readings = {
        name: [fields.extract(page.texts[name]) for page in pages]
        for name in sandbox.engines()
    }
    readings["all with the code"] = [understand.receipt([page]) for page in pages]
    rows = []
    for field in FIELDS:
        for name, found in readings.items():
            marks = [
                (shot.condition, receipt_set.right(one, shot.truth)[field])
                for one, shot in zip(found, shots, strict=True)
            ]
            rows.append(share(field, name, marks))
    return rows


def credit_rows(shots, pages):
    """What would be credited without a person, and how much of it wrongly: nothing."""
    only = {name: (name,) for name in sandbox.engines()}
    rows = []
    for ways in ("with", "without"):
        for name, engines in {"all engines": tuple(only), **only}.items():
            found = [
                (shot, understand.receipt([_seen(page, engines, ways == "with")]))
                for shot, page in zip(shots, pages, strict=True)
            ]
            marks = [(shot.condition, not one.doubts) for shot, one in found]
            rows.append(share(f"credited unseen, {ways} code", name, marks))
            credited = [(shot, one) for shot, one in found if not one.doubts]
            rows += _mistakes(f"{ways} code, {name}", credited)
    return rows


def _mistakes(name, credited):
    """Rows: wrong credits, and the share of lines whose product was found.

    :param credited: list of ``(shot, what was understood)``
    """
    products = receipt_set.Products()
    wrong = sum(
        not receipt_set.creditable(one, shot.truth, products) for shot, one in credited
    )
    verdicts = [
        verdict
        for shot, one in credited
        for verdict in receipt_set.recognised(one, shot.truth, products)
    ]
    rows = [limit(f"credited unseen wrongly, {name}", wrong, "= 0", wrong == 0)]
    if verdicts:
        known = percent([one == "right" for one in verdicts])
        rows.append(note(f"  their products found by name, {name}, %", known))
    return rows


def _seen(page, engines, code):
    """What would have been seen with fewer means."""
    texts = {name: page.texts[name] for name in engines}
    return replace(page, texts=texts, codes=page.codes if code else ())


# === TIME === #


def time_rows(shots, seconds):
    """Seconds per photo: as used, with one engine, of a phone's large photo."""
    rows = [*_times("all engines", seconds)]
    few = shots[: TIMED * len(CONDITIONS)] + shots[-TIMED * len(CONDITIONS) :]
    for name, engines in {
        "codes only": (),
        **{one: (one,) for one in sandbox.engines()},
    }.items():
        _pages, taken, peak = look(few, engines)
        rows += [*_times(name, taken), note(f"memory, {name}, MB", peak)]
    large = _phone_size(shots[1])
    started = time.perf_counter()
    [page] = sandbox.clean(large)
    cleaning = time.perf_counter() - started
    _pages, taken, peak = look([replace(shots[1], data=page)] * 3)
    return [
        *rows,
        note("a photo of 12 megapixels: made harmless, s", cleaning),
        note("a photo of 12 megapixels: read, s", median(taken)),
        note("a photo of 12 megapixels: memory, MB", peak),
    ]


def _times(name, seconds):
    ordered = sorted(seconds)
    worst = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return [
        note(f"time per photo, {name}: median, s", median(seconds)),
        note(f"time per photo, {name}: p95, s", worst),
    ]


def _phone_size(shot):
    """The photo as a phone of today takes it."""
    picture = Image.open(io.BytesIO(shot.data))
    factor = (12_000_000 / (picture.width * picture.height)) ** 0.5
    size = [round(side * factor) for side in picture.size]
    return receipt_photos.jpeg(picture.resize(size, Image.Resampling.BICUBIC))
