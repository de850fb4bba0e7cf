"""What is read when packages are not installed: their import really fails."""

import importlib.util
import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from PIL import Image
from recognition import sandbox, understand

from tools import receipt_photos, recognition_data, zbar

ADDON = Path(__file__).parents[2] / "loyalty_b2b2c"
SEED = 11
TEXT = ("rapidocr", "onnxruntime", "cv2", "tesserocr", "numpy")
CODES = ("zxingcpp", "pyzbar")
ENGINES = """
import json, sys
sys.path.append(sys.argv[1])
from recognition import sandbox
print(json.dumps([sorted(sandbox.available()), sandbox.engines()]))
"""


def load(name):
    spec = importlib.util.spec_from_file_location(
        name, ADDON / "tests" / "receipts" / f"{name}.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


blocked = load("blocked_imports").blocked


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """What lies in the cache is found: letters to read, the library behind pyzbar."""
    found = {**zbar.environment(), **recognition_data.environment()}
    with patch.dict(os.environ, found):
        yield


@pytest.fixture(scope="module")
def truth():
    return receipt_photos.random_receipt(random.Random(SEED), "uk")


@pytest.fixture(scope="module")
def photos(truth):
    """Condition -> clean page."""
    sheet = receipt_photos.draw(truth)
    return {
        condition: sandbox.clean(receipt_photos.photograph(sheet, condition, SEED))[0]
        for condition in ("scan", "perspective", "low light", "all at once")
    }


@pytest.fixture(scope="module")
def sticker():
    sheet = receipt_photos.label("DataMatrix", "7K3M9QX2V5TBHR4C")
    return receipt_photos.photograph(sheet, "scan", SEED)


def look(*pages):
    with sandbox.Reader() as reader:
        return reader.look(list(pages))


def codes(*pages):
    return [[text for _kind, text in page.codes] for page in look(*pages)]


# === THE BLOCK ITSELF === #


@pytest.mark.parametrize("name", [*CODES, *TEXT])
def test_a_blocked_package_can_not_be_imported_anywhere(name):
    argv = [sys.executable, "-c", f"import {name}"]
    with blocked(name):
        with pytest.raises(ImportError):
            __import__(name)
        assert subprocess.run(argv, capture_output=True).returncode == 1
    assert subprocess.run(argv, capture_output=True).returncode == 0


# === CODES === #


def test_zbar_alone_reads_receipts(truth, photos, sticker):
    with blocked("zxingcpp", *TEXT):
        found = codes(photos["scan"], photos["perspective"], sticker)
    assert found == [[truth.qr], [truth.qr], []]  # it knows no DataMatrix


def test_zxing_alone_reads_everything(truth, photos, sticker):
    with blocked("pyzbar", *TEXT):
        found = codes(*photos.values(), sticker)
    assert found == [[truth.qr]] * len(photos) + [["7K3M9QX2V5TBHR4C"]]


def test_without_both_no_code_is_read_and_the_text_still_is(truth, photos):
    with blocked(*CODES):
        [page] = look(photos["scan"])
    assert page.codes == ()
    found = understand.receipt([page])
    assert (found.fiscal, f"{found.total:.2f}") == (truth.fiscal, truth.total)


# === TEXT === #


def test_without_engines_codes_are_read_and_a_person_sees_the_rest(truth, photos):
    blank = io.BytesIO()
    Image.new("L", (300, 400), 255).save(blank, "JPEG")
    with blocked(*TEXT):
        pages = look(photos["scan"], photos["all at once"], blank.getvalue())
    for page in pages[:2]:
        assert page.texts == {}
        found = understand.receipt([page])
        assert (found.fiscal, f"{found.total:.2f}") == (truth.fiscal, truth.total)
        assert found.doubts == ("code_alone",)
    found = understand.receipt(pages[2:])
    assert found.doubts[0] == "no_text_reader" and found.total is None


def test_without_opencv_photos_have_a_fingerprint(photos):
    with blocked(*TEXT):
        [page] = look(photos["scan"])
    assert len(page.fingerprint) == 64


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "PDF"])
def test_without_engines_uploads_are_made_harmless(kind):
    data = io.BytesIO()
    Image.new("RGB", (300, 200), 200).save(data, kind)
    with blocked(*TEXT, *CODES):
        [page] = sandbox.clean(data.getvalue())
    assert page.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("missing", "parts", "engines"),
    [
        (TEXT, ["codes", "heic", "pdf"], []),
        (("tesserocr",), ["codes", "heic", "pdf", "text"], ["rapidocr"]),
        (("rapidocr",), ["codes", "heic", "names", "pdf", "text"], ["tesseract"]),
        (("zxingcpp", *TEXT), ["codes", "heic", "pdf"], []),
        ((*CODES, *TEXT, "pypdfium2", "pi_heif"), [], []),
    ],
)
def test_what_is_said_to_be_there_is_there(missing, parts, engines):
    with blocked(*missing):
        done = subprocess.run(
            [sys.executable, "-c", ENGINES, ADDON], stdout=subprocess.PIPE, check=True
        )
    assert json.loads(done.stdout) == [parts, engines]
