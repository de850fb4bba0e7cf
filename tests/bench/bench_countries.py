"""Receipts of ten countries: what is read of them, per country and condition, and where
the time of a photo goes.

On photos made of ``tools/receipt_countries.py``, the same ones every time;
``receipt_table.py`` makes the table of ``docs/receipts.md`` of the rows.
"""

import io
import os
import time
from decimal import Decimal

from bench_receipts import look, percent, share
from harness import limit, median, note
from PIL import Image
from receipt_set import CONDITIONS, Shot
from recognition import barcodes, fingerprint, habits, ocr, paper, sandbox, understand

from tools import receipt_countries, receipt_photos

PER_COUNTRY = 2
SEED = 2026
PIXELS = 5_000_000
FIELDS = ("total", "number", "date", "lines", "credited unseen")
#: What has to be read, in per cent, where photos are not of everything at once or far.
BARS = {"total": 97, "number": 93, "date": 98, "lines": 90}
USUAL = CONDITIONS[:6]


def run(ctx):
    """Rows: shares in percent, seconds."""
    shots = _shots()
    ctx.say(f"{len(shots)} photos")
    pages, _seconds, _peak = look(shots)
    found = [(shot, _read(shot, page)) for shot, page in zip(shots, pages, strict=True)]
    rows = [
        share(field, code, [(s.condition, m[field]) for s, m in found if _of(s, code)])
        for field in FIELDS
        for code in (*receipt_countries.COUNTRIES, "all")
    ]
    usual = [marks for shot, marks in found if shot.condition in USUAL]
    for field, bar in BARS.items():
        read = percent([marks[field] for marks in usual])
        rows.append(limit(f"{field}, usual photos, %", read, f">= {bar}", read >= bar))
    wrong = sum(marks["credited unseen"] and not marks["right"] for _s, marks in found)
    rows.append(limit("credited unseen wrongly", wrong, "= 0", wrong == 0))
    return rows + _time_rows(shots)


def _shots():
    shots = []
    truths = receipt_countries.random_receipts(PER_COUNTRY, SEED)
    for number, truth in enumerate(truths):
        sheet = receipt_countries.draw(truth)
        for condition in CONDITIONS:
            photo = receipt_photos.photograph(sheet, condition, number)
            [page] = sandbox.clean(photo)
            shots.append(Shot(truth, condition, page))
    return shots


def _of(shot, code):
    return code in (shot.truth.country.code, "all")


def _read(shot, page):
    """Field -> whether it was read as it is printed; ``right``: whether all were."""
    truth, country = shot.truth, shot.truth.country
    read = understand.receipt(
        [page], habits=habits.of_country(country.code, country.decimals)
    )
    lines = [
        (Decimal(quantity), quantity * price - discount)
        for _name, _gtin, quantity, price, discount in truth.lines
    ]
    marks = {
        "total": read.total == Decimal(truth.total),
        "number": read.number == truth.number,
        "date": str(read.issued_on) == truth.day,
        "lines": [(line.quantity, line.amount) for line in read.lines] == lines,
    }
    return {**marks, "right": all(marks.values()), "credited unseen": not read.doubts}


# === WHERE THE TIME GOES === #


def _time_rows(shots):
    """Seconds of one processor for a phone's photo, part by part."""
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    engines = {name: ocr.ENGINES[name]() for name in sandbox.engines()}
    parts = {}
    for shot in [shot for shot in shots if shot.condition == "perspective"][::4]:
        picture = _phone_size(shot.data)
        gray = picture.convert("L")
        sheet = _timed(parts, "finding the paper", lambda g=gray: paper.straighten(g))
        _timed(parts, "looking for codes", lambda g=gray: barcodes.read(g))
        _timed(parts, "fingerprint", lambda s=sheet: fingerprint.of(s))
        for name, engine in engines.items():
            _timed(parts, name, lambda e=engine, p=picture, s=sheet: e.rows(p, s))
    whole = [sum(values) for values in zip(*parts.values(), strict=True)]
    rows = [
        note(f"5 megapixels, {name}: median, s", median(parts[name])) for name in parts
    ]
    seconds = median(whole)
    name = "5 megapixels, all of it: median, s"
    return [*rows, limit(name, seconds, "<= 2.5", seconds <= 2.5)]


def _timed(parts, name, work):
    started = time.process_time()
    result = work()
    parts.setdefault(name, []).append(time.process_time() - started)
    return result


def _phone_size(data):
    picture = Image.open(io.BytesIO(data))
    factor = (PIXELS / (picture.width * picture.height)) ** 0.5
    size = [round(side * factor) for side in picture.size]
    large = receipt_photos.jpeg(picture.resize(size, Image.Resampling.BICUBIC))
    return Image.open(io.BytesIO(sandbox.clean(large)[0]))
