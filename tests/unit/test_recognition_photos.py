"""Photos of tasks: known again in parts, screens as a sign; videos by their heads."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from recognition import likeness, moire, sandbox, video
from recognition.errors import BadUpload

from tools import shelf_photos


@pytest.fixture(scope="module")
def comparer():
    with sandbox.Comparer() as one:
        yield one


@pytest.fixture(scope="module")
def shelves(comparer):
    """Four photos of four shelves: ``(picture, what is seen, marks)``."""
    pictures = [shelf_photos.photo(number) for number in range(4)]
    return [(one, *comparer.look(shelf_photos.jpeg(one))) for one in pictures]


# === THE SAME AGAIN === #


@pytest.mark.parametrize("change", shelf_photos.AGAIN)
def test_a_photo_is_known_again(comparer, shelves, change):
    picture = shelf_photos.AGAIN[change](shelves[0][0])
    _seen, views = comparer.look(shelf_photos.jpeg(picture))
    found = comparer.compare(views, [marks[0] for _one, _seen, marks in shelves])
    assert found[0] >= likeness.SAME
    assert max(found[1:]) < 0.5


def test_other_shelves_are_other_photos(comparer, shelves):
    marks = [marks for _picture, _seen, marks in shelves]
    for number, views in enumerate(marks):
        others = [one[0] for one in marks[:number] + marks[number + 1 :]]
        assert max(comparer.compare(views, others)) < 0.5


def test_walls_are_no_likeness(comparer):
    plain = [
        comparer.look(shelf_photos.jpeg(Image.new("RGB", (640, 480), color)))[1]
        for color in ("white", "#eee")
    ]
    assert comparer.compare(plain[0], [plain[1][0]]) == [0.0]


def test_a_process_that_died_is_started_anew(comparer, shelves):
    comparer._context.gen.gi_frame.f_locals["worker"].kill()
    with pytest.raises(sandbox.ReadingFailed):
        comparer.compare(shelves[0][2], [shelves[0][2][0]])
    assert comparer.compare(shelves[0][2], [shelves[0][2][0]]) == [1.0]


# === SIGNS === #


def test_a_screen_has_a_pattern(comparer, shelves):
    for number, (picture, seen, _marks) in enumerate(shelves):
        screen = shelf_photos.on_screen(picture, number)
        assert seen["pattern"] < moire.SIGN
        assert comparer.look(shelf_photos.jpeg(screen))[0]["pattern"] >= moire.SIGN


def test_a_picture_smaller_than_a_tile_has_none():
    assert moire.strength(Image.new("L", (200, 200), 90)) == 0.0


def test_what_the_camera_says():
    exif = Image.Exif()
    exif[0x8769] = {0x9003: "2026:03:10 09:15:00"}
    picture = Image.new("RGB", (300, 200))
    for text, told in (
        (exif, "2026-03-10 09:15:00"),
        (None, None),
    ):
        page, taken = sandbox.clean_photo(shelf_photos.jpeg(picture, exif=text))
        assert taken == told
        assert not Image.open(io.BytesIO(page)).getexif()
    exif[0x8769] = {0x9003: "soon"}
    assert sandbox.clean_photo(shelf_photos.jpeg(picture, exif=exif))[1] is None


def test_a_paper_is_no_photo():
    with pytest.raises(BadUpload) as caught:
        sandbox.clean_photo(b"%PDF-1.4")
    assert caught.value.code == "not_image"


# === VIDEO === #


def box(name, body=b""):
    return struct.pack(">I4s", 8 + len(body), name) + body


def mvhd(scale, length, version=0):
    layout = ">B3xIIII" if version == 0 else ">B3xQQIQ"
    return box(b"mvhd", struct.pack(layout, version, 0, 0, scale, length))


def seconds(data):
    return video.read_duration(io.BytesIO(data), len(data))


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (box(b"ftyp", b"isom"), "mp4"),
        (box(b"ftyp", b"3gp5"), "mp4"),
        (box(b"ftyp", b"qt  "), "mov"),
        (box(b"mdat"), "mov"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0", "webm"),
    ],
)
def test_kinds_of_video(head, kind):
    assert video.kind(head.ljust(video.HEAD_BYTES, b"\0")) == kind
    assert kind in video.MIMETYPES


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"", "empty"),
        (box(b"ftyp", b"heic"), "not_video"),
        (box(b"ftyp", b"M4A "), "not_video"),
        (b"RIFF\0\0\0\0AVI ", "not_video"),
        (b"PK\3\4", "not_video"),
        (b"<html>", "not_video"),
        (b"\xff\xd8\xff", "not_video"),
    ],
)
def test_what_is_no_video(head, code):
    with pytest.raises(BadUpload) as caught:
        video.kind(head)
    assert caught.value.code == code


def test_duration():
    head = box(b"ftyp", b"isom")
    assert seconds(head + box(b"moov", mvhd(1000, 12_400))) == 12
    assert seconds(head + box(b"moov", box(b"udta") + mvhd(90_000, 5_400_000, 1))) == 60
    # the index of what a phone wrote stands behind its frames, whose size has 8 bytes
    frames = struct.pack(">I4sQ", 1, b"mdat", 16 + 100) + bytes(100)
    assert seconds(head + frames + box(b"moov", mvhd(600, 1800))) == 3
    for strange in (
        head,
        head + box(b"moov"),
        head + box(b"moov", mvhd(0, 5)),
        head + box(b"moov", mvhd(1, 10**6)),
        head + struct.pack(">I4s", 4, b"moov"),
        head + box(b"moov", mvhd(1000, 5000))[:-6],
    ):
        assert seconds(strange) is None


@given(st.binary(max_size=200))
def test_no_bytes_hang_or_break_the_reader(data):
    for start in (b"", box(b"moov", mvhd(1, 1))[:12], box(b"ftyp", b"isom")):
        assert seconds(start + data) is None or seconds(start + data) > -1
