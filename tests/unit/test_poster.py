"""Posters and pictures of a recommendation: what is printed can be scanned."""

import io
import os

import pypdfium2
import pytest
import reportlab
import zxingcpp
from drawing.pieces import load_fonts
from drawing.poster import PAPERS, Poster, draw_poster
from drawing.share_picture import MOST_BYTES, SIZE, SharePicture, draw_share_picture
from PIL import Image

LINK = "HTTPS://SHOP.EXAMPLE/REWARDS/R/OLENA-7K2P"
#: How often the code is on a sheet.
CODES = {"a4": 1, "a5": 1, "table": 2, "cards": 10}
LONG = "Fifteen percent off everything in all our shops, and delivery is free " * 3


@pytest.fixture(scope="module")
def fonts():
    """Return the files of the regular and the bold font; PDF files know them, too."""
    folder = os.path.join(os.path.dirname(reportlab.__file__), "fonts")
    regular, bold = (os.path.join(folder, name) for name in ("Vera.ttf", "VeraBd.ttf"))
    load_fonts(regular, bold, regular)
    return regular, bold


def make_poster(**values):
    """Return a poster, with other values where they are given."""
    return Poster(
        **{
            "link": LINK,
            "code": "OLENA-7K2P",
            "title": "10 % off your first purchase",
            "hint": "Scan the code, or name it at the till.",
            "company": "School World",
            "address": "shop.example/rewards/r/OLENA-7K2P",
            "by": "Olena recommends it",
            **values,
        }
    )


def print_page(content):
    """Return the only page of a PDF as it comes out of a printer, and its text."""
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    page = document[0]
    return page.render(scale=2).to_pil(), page.get_textpage().get_text_range()


def make_logo(width, height):
    """Return a picture that no JPEG makes small."""
    noise = Image.frombytes("RGB", (width, height), os.urandom(3 * width * height))
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("title", ["10 % off your first purchase", LONG])
def test_each_code_on_paper_can_be_scanned(fonts, paper, title):
    poster = make_poster(title=title, picture=make_logo(300, 90))
    picture, text = print_page(draw_poster(poster, paper))
    found = [code.text for code in zxingcpp.read_barcodes(picture)]
    assert found == [LINK] * CODES[paper]
    assert text.count("OLENA-7K2P") >= CODES[paper]
    assert text.count("Olena recommends it") == CODES[paper]


def test_who_wants_no_name_has_none_and_a_broken_logo_is_the_name(fonts):
    poster = make_poster(by="", picture=b"<svg/>")
    _picture, text = print_page(draw_poster(poster, "a4"))
    assert "recommends" not in text
    assert "School World" in text


@pytest.mark.parametrize("paper", ["", "a3", "../a4"])
def test_no_other_papers(fonts, paper):
    with pytest.raises(KeyError):
        draw_poster(make_poster(), paper)


@pytest.mark.parametrize("logo", [b"", b"no picture", make_logo(1500, 900)])
@pytest.mark.parametrize("title", ["10 % off", LONG])
def test_picture_that_messengers_take(fonts, logo, title):
    content = draw_share_picture(
        SharePicture(title, "Olena recommends it", "School World", "OLENA-7K2P", logo),
        *fonts,
    )
    picture = Image.open(io.BytesIO(content))
    assert (picture.format, picture.size) == ("JPEG", SIZE)
    assert len(content) < MOST_BYTES


@pytest.mark.parametrize(
    ("color", "shown"),
    [
        ("#714B67", (0x71, 0x4B, 0x67)),
        ("#ffff99", (0x1C, 0x1F, 0x24)),  # white words on it could not be read
        ("red; }", (0x1C, 0x1F, 0x24)),
    ],
)
def test_color_of_the_company(fonts, color, shown):
    content = draw_share_picture(
        SharePicture("10 % off", "", "School World", "OLENA-7K2P", color=color), *fonts
    )
    pixel = Image.open(io.BytesIO(content)).getpixel((8, 300))
    assert all(abs(is_ - should) < 8 for is_, should in zip(pixel, shown, strict=True))
