"""Real pictures through the real libraries: codes, text, fingerprints."""

import io
import itertools
import os
import random

import pytest
from PIL import Image, ImageChops, ImageDraw
from recognition import barcodes, fingerprint, ocr, paper, sandbox, understand
from recognition.errors import ReadingFailed

from tools import receipt_photos, recognition_data

SEED = 11


@pytest.fixture(scope="module", autouse=True)
def letters():
    os.environ.update(recognition_data.environment())


def gray(data):
    return Image.open(io.BytesIO(data)).convert("L")


@pytest.fixture(scope="module")
def photos():
    """A receipt per language in every condition: (truth, condition, JPEG)."""
    rng = random.Random(SEED)
    return [
        (truth, condition, receipt_photos.photograph(clean, condition, SEED))
        for language in receipt_photos.LANGUAGES
        for truth in [receipt_photos.random_receipt(rng, language)]
        for clean in [receipt_photos.draw(truth)]
        for condition in receipt_photos.CONDITIONS
    ]


def test_every_code_is_read(photos):
    for truth, condition, data in photos:
        assert ["qrcode", truth.qr] in barcodes.read(gray(data)), condition


def test_zxing_alone_is_enough(photos, monkeypatch):
    missing = "pyzbar.pyzbar"
    load = barcodes._load
    monkeypatch.setattr(barcodes, "_load", lambda n: None if n == missing else load(n))
    truth, _condition, data = photos[0]
    assert barcodes.read(gray(data)) == [["qrcode", truth.qr]]


def test_without_libraries_there_are_no_codes(photos, monkeypatch):
    monkeypatch.setattr(barcodes, "_load", lambda _name: None)
    assert barcodes.read(gray(photos[0][2])) == []


def test_a_photo_is_read_to_the_cent(photos):
    with sandbox.Reader() as reader:
        for truth, condition, data in photos[::5]:
            found = understand.receipt(reader.look(sandbox.clean(data)))
            assert found.fiscal == truth.fiscal, condition
            assert f"{found.total:.2f}" == truth.total, condition
            assert found.issued_on.isoformat() == truth.day, condition
            assert found.doubts == (), condition


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_photo_that_lies_the_other_way_is_turned(photos, angle):
    truth, _condition, data = photos[0]
    turned = receipt_photos.jpeg(
        Image.open(io.BytesIO(data)).rotate(angle, expand=True)
    )
    with sandbox.Reader() as reader:
        found = understand.receipt(reader.look(sandbox.clean(turned)))
    assert (found.fiscal, str(found.total)) == (truth.fiscal, truth.total)
    assert found.doubts == ()


def test_a_stamp_is_read():
    clean = receipt_photos.stamp("AB 12345678", "en")
    with sandbox.Reader() as reader:
        pages = reader.look([receipt_photos.photograph(clean, "perspective", SEED)])
    assert understand.stamp(pages)[0] == "AB12345678"


def test_a_reader_that_dies_says_so_and_the_next_one_works(photos):
    with sandbox.Reader(names=()) as reader:
        with pytest.raises(ReadingFailed):
            reader.look([b"this is no JPEG"])
        [page] = reader.look([photos[0][2]])
        assert page.codes and page.texts == {}


def test_pages_survive_as_json(photos):
    with sandbox.Reader(names=()) as reader:
        [page] = reader.look([photos[0][2]])
    assert sandbox.Page.from_json(page.to_json()) == page


# === FINGERPRINTS === #


def mark(picture):
    return fingerprint.of(paper.straighten(picture))


def test_other_receipts_are_not_alike():
    rng = random.Random(SEED)
    sheets = [
        receipt_photos.draw(receipt_photos.random_receipt(rng, "uk")) for _n in range(6)
    ]
    marks = [
        mark(gray(receipt_photos.photograph(sheet, "scan", seed)))
        for seed, sheet in enumerate(sheets)
    ]
    for one, other in itertools.combinations(marks, 2):
        assert fingerprint.distance(one, other) > fingerprint.ALIKE


@pytest.mark.parametrize("condition", ["perspective", "blur", "low light", "jpeg"])
def test_new_photos_of_one_receipt_are_alike(condition):
    rng = random.Random(SEED)
    for number in range(4):
        sheet = receipt_photos.draw(receipt_photos.random_receipt(rng, "uk"))
        one, other = (
            mark(
                gray(receipt_photos.photograph(sheet, condition, 100 * number + photo))
            )
            for photo in (0, 1)
        )
        assert one != other
        assert fingerprint.distance(one, other) <= fingerprint.ALIKE


def test_light_from_one_side_is_no_difference(photos):
    picture = gray(photos[0][2])
    ramp = Image.linear_gradient("L").resize(picture.size)
    darker = ImageChops.multiply(picture, ramp.point(lambda value: 128 + value // 2))
    assert fingerprint.distance(mark(picture), mark(darker)) <= fingerprint.ALIKE


def test_the_paper_is_found_to_the_pixel():
    """White paper 300 wide, 500 tall, lying askew on a black table."""
    corners = [(105, 40), (401, 90), (319, 583), (23, 533)]
    picture = Image.new("L", (440, 640), 10)
    ImageDraw.Draw(picture).polygon(corners, fill=240)
    sheet = paper.straighten(picture)
    assert abs(sheet.width - 300) <= 3 and abs(sheet.height - 500) <= 3
    assert min(sheet.crop((4, 4, sheet.width - 4, sheet.height - 4)).tobytes()) > 200


def test_compressed_and_smaller_is_the_same_picture(photos):
    picture = gray(photos[0][2])
    smaller = picture.resize((picture.width // 2, picture.height // 2))
    again = gray(receipt_photos.jpeg(smaller, 40))
    assert fingerprint.distance(mark(picture), mark(again)) <= fingerprint.ALIKE


def test_a_fingerprint_is_64_digits(photos):
    assert len(mark(Image.new("L", (100, 100)))) == 64
    assert len(mark(gray(photos[0][2]))) == 64


# === ROWS === #


def box(left, top, text, slope=0.0):
    corners = [(left, top), (left + 50, top), (left + 50, top + 20), (left, top + 20)]
    return [[x, y + slope * x] for x, y in corners], text


@pytest.mark.parametrize("slope", [0.0, 0.15, -0.15])
def test_boxes_become_rows(slope):
    items = [
        box(300, 0, "12.50", slope),
        box(0, 0, "TOTAL", slope),
        box(0, 40, "CARD", slope),
        box(0, 80, " ", slope),
    ]
    assert ocr.join_boxes(items) == ["TOTAL 12.50", "CARD"]


def test_no_boxes_no_rows():
    assert ocr.join_boxes([]) == []


# === ON SEVERAL PHOTOS, ON CLOTH, BESIDE EACH OTHER === #


def read(*pages):
    with sandbox.Reader() as reader:
        return understand.receipt(reader.look(list(pages)))


def on_cloth(sheet, angle):
    """A sheet that lies turned on a chequered cloth, as a JPEG."""
    wide, tall = round(sheet.width * 1.5), round(sheet.height * 1.25)
    cloth = Image.new("L", (wide, tall), 70)
    pen = ImageDraw.Draw(cloth)
    for left, top in itertools.product(range(0, wide, 60), range(0, tall, 60)):
        pen.rectangle((left, top, left + 29, top + 29), fill=190)
        pen.rectangle((left + 30, top + 30, left + 59, top + 59), fill=190)
    turned = sheet.rotate(angle, expand=True)
    shape = Image.new("L", sheet.size, 255).rotate(angle, expand=True)
    place = (wide - turned.width) // 2, (tall - turned.height) // 2
    cloth.paste(turned, place, shape)
    return receipt_photos.jpeg(cloth)


@pytest.mark.parametrize("angle", [0, 6, -9])
def test_a_patterned_ground_is_no_receipt(angle):
    truth = receipt_photos.random_receipt(random.Random(5), "en")
    found = read(*sandbox.clean(on_cloth(receipt_photos.draw(truth), angle)))
    assert (found.number, str(found.total)) == (truth.number, truth.total)
    assert found.issued_on.isoformat() == truth.day
    assert sum(line.amount for line in found.lines) == found.total


def test_three_photos_of_a_long_receipt_are_one():
    truth = receipt_photos.random_receipt(random.Random(5), "en", with_qr=False)
    sheet = receipt_photos.draw(truth)
    third = sheet.height // 3
    parts = [
        sheet.crop((0, max(top - third // 3, 0), sheet.width, top + third + third // 3))
        for top in (0, third, 2 * third)
    ]
    pages = [
        page
        for number, part in enumerate(parts)
        for page in sandbox.clean(receipt_photos.photograph(part, "scan", number))
    ]
    found = read(*pages)
    assert (found.number, str(found.total)) == (truth.number, truth.total)
    wanted = [(quantity, quantity * price) for _n, _g, quantity, price in truth.lines]
    assert [(one.quantity, 100 * one.amount) for one in found.lines] == wanted


@pytest.mark.parametrize("with_qr", [True, False])
def test_two_receipts_on_one_photo_go_to_a_person(with_qr):
    rng = random.Random(5)
    sheets = [
        receipt_photos.draw(receipt_photos.random_receipt(rng, "en", with_qr))
        for _receipt in range(2)
    ]
    both = Image.new("L", (sheets[0].width, sum(one.height for one in sheets)), 250)
    both.paste(sheets[0], (0, 0))
    both.paste(sheets[1], (0, sheets[0].height))
    found = read(*sandbox.clean(receipt_photos.photograph(both, "scan", 3)))
    assert "several_receipts" in found.doubts
