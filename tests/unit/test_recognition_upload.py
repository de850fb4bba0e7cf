"""What strangers send: made harmless, or refused in one word, within 200 MB."""

import io
import json
import resource
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from recognition import sandbox, sniff, upload
from recognition.errors import CODES, BadUpload

DATA = Path(__file__).with_name("data")
ADDON = Path(__file__).parents[2] / "loyalty_b2b2c"
MEGABYTE = 1024 * 1024


def encoded(picture, kind="JPEG", **options):
    out = io.BytesIO()
    picture.save(out, format=kind, **options)
    return out.getvalue()


def plain(size=(300, 200), mode="RGB", color=0):
    return Image.new(mode, size, color)


def png_of_zeros(width, height, colors=2):
    """A PNG of any size that is small as a file."""
    bytes_per_pixel = {0: 1, 2: 3, 6: 4}[colors]
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + width * bytes_per_pixel)
    data = b"".join(packer.compress(row) for _y in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, colors, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body
        + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )  # fmt: skip


def opened(pages):
    return [Image.open(io.BytesIO(page)) for page in pages]


def refusal(data):
    with pytest.raises(BadUpload) as caught:
        sandbox.clean(data)
    assert caught.value.code in CODES
    return caught.value.code


# === KINDS === #


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "I;16"),
        ("WEBP", "RGB"),
    ],
)
def test_pictures_become_jpeg(kind, mode):
    [page] = opened(sandbox.clean(encoded(plain(mode=mode), kind)))
    assert (page.format, page.mode, page.size) == ("JPEG", "RGB", (300, 200))


def test_heic():
    [page] = opened(sandbox.clean((DATA / "photo.heic").read_bytes()))
    assert (page.format, page.size) == ("JPEG", (96, 128))
    assert page.getpixel((48, 20))[0] < 40 and page.getpixel((48, 100))[0] > 215


def test_pdf_pages():
    pages = [plain((200, 300)), plain((200, 300), color=(255, 255, 255))]
    data = encoded(pages[0], "PDF", save_all=True, append_images=pages[1:])
    found = opened(sandbox.clean(data))
    assert [page.getpixel((50, 50))[0] > 128 for page in found] == [False, True]


def test_transparent_is_white_paper():
    [page] = opened(sandbox.clean(encoded(plain(mode="RGBA"), "PNG")))
    assert page.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("empty", b""),
        ("vector", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("vector", b"\xef\xbb\xbf<?xml version='1.0'?>\n<svg><script/></svg>"),
        ("not_image", b"<html><svg></svg></html>"),
        ("not_image", b"GIF89a" + b"\0" * 100),
        ("not_image", b"PK\x03\x04"),
        ("not_image", b"\x7fELF"),
        ("not_image", b" \xff\xd8\xff"),
        ("damaged", b"\xff\xd8\xff"),
        ("damaged", b"%PDF-1.7 and nothing more"),
        ("damaged", encoded(plain())[:-40][:600]),
        ("damaged", b"\x89PNG\r\n\x1a\n" + b"\0" * 60),
        ("damaged", b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\0" * 20),
        ("damaged", b"\0\0\0\x18ftypheic" + b"\0" * 40),
        ("too_small", encoded(plain((63, 400)))),
        ("too_many_pages", encoded(plain(), "PDF", save_all=True,
                                   append_images=[plain()] * 5)),
        ("too_large", b"\xff\xd8\xff" + b"\0" * sniff.MAX_BYTES),
    ],
)  # fmt: skip
def test_refusals(code, data):
    assert refusal(data) == code


def test_locked_pdf():
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(encoded(plain(), "PDF"))))
    writer.encrypt("secret", algorithm="AES-128")
    out = io.BytesIO()
    writer.write(out)
    assert refusal(out.getvalue()) == "locked"


@given(st.binary(max_size=300), st.sampled_from([
    b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-", b"RIFFxxxxWEBP",
    b"xxxxftypheic", b"<svg",
]))  # fmt: skip
def test_no_bytes_do_anything_but_a_refusal(rest, start):
    try:
        pages = upload.clean(start + rest)
    except BadUpload as error:
        assert error.code in CODES
    else:
        assert all(page.startswith(b"\xff\xd8\xff") for page in pages)


# === NOTHING COMES THROUGH === #


def test_metadata_and_glued_files_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "Maker of the phone"
    exif.get_ifd(0x8825)[1] = "N"
    data = encoded(plain(), exif=exif, comment=b"a comment", icc_profile=b"profile" * 9)
    data += b"<?php a second file"
    [page] = sandbox.clean(data)
    for text in (b"Maker", b"comment", b"profile", b"php", b"Exif"):
        assert text in data and text not in page


@pytest.mark.parametrize("turn", range(1, 9))
def test_photos_stand_upright(turn):
    """All eight ways to hold a phone; large ones are shrunk before they are turned."""
    upright = plain((400, 600), color=(255, 255, 255))
    upright.paste((0, 0, 0), (0, 0, 100, 100))
    back = {2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}.get(turn, [])
    stored = upright
    for operation in back:
        stored = stored.transpose(operation)
    exif = Image.Exif()
    exif[0x0112] = turn
    for scale in (1, 10):
        size = (stored.width * scale, stored.height * scale)
        data = encoded(stored.resize(size), exif=exif, quality=60)
        [page] = opened(sandbox.clean(data))
        assert page.width < page.height
        side = page.width / 8
        assert page.getpixel((int(side), int(side)))[0] < 60
        assert page.getpixel((int(page.width - side), int(side)))[0] > 190


def test_orientations_nobody_knows_are_ignored():
    for value in (0, 9, 65535):
        exif = Image.Exif()
        exif[0x0112] = value
        [page] = opened(sandbox.clean(encoded(plain(), exif=exif)))
        assert page.size == (300, 200)


# === MEMORY === #

MEASURE = """
import json, resource, sys
sys.path.append(sys.argv[1])
from recognition import sandbox
from recognition.errors import BadUpload
try:
    outcome = len(sandbox.clean(sys.stdin.buffer.read()))
except BadUpload as error:
    outcome = error.code
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([outcome, used // 1024]))
"""


def noisy(size):
    return Image.effect_noise((size[0] // 10, size[1] // 10), 90).resize(size)


LARGE = {
    "40 MP photo": lambda: encoded(noisy((7300, 5470)).convert("RGB")),
    "40 MP photo in passes": lambda: encoded(
        noisy((7300, 5470)).convert("RGB"), progressive=True
    ),
    "24 MP PNG": lambda: png_of_zeros(6000, 4000),
    "8 MP WEBP": lambda: encoded(noisy((3264, 2448)).convert("RGB"), "WEBP"),
    "60 MP in grey": lambda: png_of_zeros(8000, 7500, colors=0),
    "PDF of a 40 MP photo": lambda: encoded(noisy((7300, 5470)).convert("RGB"), "PDF"),
}
BOMBS = {
    "900 MP PNG": lambda: png_of_zeros(30000, 30000, colors=0),
    "40 MP PNG with four colours": lambda: png_of_zeros(7300, 5470, colors=6),
    "65 MP photo": lambda: encoded(plain((8100, 8100))),
    "40 MP photo in passes, all colours": lambda: encoded(
        plain((7300, 5470)), progressive=True, subsampling=0
    ),
    "30 MP WEBP": lambda: encoded(plain((6000, 5000)), "WEBP"),
}


@pytest.mark.parametrize("name", [*LARGE, *BOMBS])
def test_200_megabytes_are_enough(name):
    data = {**LARGE, **BOMBS}[name]()
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(ADDON)],
        input=data,
        capture_output=True,
        check=True,
    )
    outcome, megabytes = json.loads(done.stdout)
    assert outcome == (1 if name in LARGE else "too_many_pixels")
    assert megabytes <= 200


def test_what_needs_more_memory_is_refused_not_a_crash(monkeypatch):
    """The limit itself holds: the worker may not have more, and says so."""
    monkeypatch.setattr(upload, "MAX_RAW_BYTES", 10**10)
    from recognition import worker

    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)  # not in this process
    monkeypatch.setattr(upload, "clean", lambda _data: [bytes(10**15)])
    head, pages = worker._clean({}, [b"x"])
    assert (head, pages) == ({"refused": "too_many_pixels"}, [])


def test_a_worker_that_dies_is_a_refusal(monkeypatch):
    monkeypatch.setattr(sandbox, "_PROGRAM", "raise SystemExit(9)")
    assert refusal(encoded(plain())) == "too_many_pixels"


def test_a_worker_that_hangs_is_a_refusal(monkeypatch):
    monkeypatch.setattr(sandbox, "_PROGRAM", "import time; time.sleep(60)")
    monkeypatch.setattr(sandbox, "CLEAN_SECONDS", 0.3)
    assert refusal(encoded(plain())) == "too_many_pixels"
