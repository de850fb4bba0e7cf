"""Photos of shelves that nobody took: the same every time, for tests, bench and demo.

A shelf is drawn from a number: boards, goods in rows, labels, prices.  A photo of it is
the shelf from somewhere: at a slant, with the light of the room and the noise of a
phone.  What people do to a photo to hand it in again is here, too (:data:`AGAIN`), and
what a screen does to it (:func:`on_screen`).
"""

import io
import random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFont, ImageOps

SIZE = (1200, 900)
_WORDS = ("SALE", "CABLE", "BONUS", "PAINT 5L", "GLUE", "LAMP", "TAPE", "BOLT", "PIPE")


def shelf(number):
    """Draw a shelf as a picture, the same for the same number."""
    rng = random.Random(f"shelf {number}")
    wall = tuple(rng.randint(120, 220) for _color in range(3))
    picture = Image.new("RGB", SIZE, wall)
    draw = ImageDraw.Draw(picture)
    boards = rng.randint(3, 5)
    height = SIZE[1] // boards
    for board in range(boards):
        floor = (board + 1) * height - 14
        x = rng.randint(0, 30)
        while x < SIZE[0]:
            kind = rng.randrange(6)
            width, tall = rng.randint(50, 150), rng.randint(height // 2, height - 40)
            for _piece in range(rng.randint(1, 3)):
                _goods(draw, rng, kind, (x, floor - tall, x + width, floor))
                x += width + rng.randint(2, 14)
        draw.rectangle((0, floor, SIZE[0], floor + 14), fill=(70, 55, 45))
        for price in range(rng.randint(3, 8)):
            at = rng.randint(0, SIZE[0] - 60), floor - 4
            draw.rectangle((*at, at[0] + 56, at[1] + 18), fill="white")
            draw.text((at[0] + 4, at[1] + 1), f"{rng.randint(9, 999)}.{price}0", "red")
    return picture


def _goods(draw, rng, kind, box):
    """Draw one thing that stands on a board."""
    left, top, right, bottom = box
    colors = [tuple(rng.randint(20, 240) for _color in range(3)) for _part in range(3)]
    if kind % 2:
        draw.rectangle(box, fill=colors[0], outline="black", width=2)
    else:
        draw.rounded_rectangle(box, 18, fill=colors[0], outline="black", width=2)
    middle = top + (bottom - top) // 3
    draw.rectangle((left + 4, middle, right - 4, middle + 40), fill=colors[1])
    font = ImageFont.load_default(size=rng.randint(12, 24))
    draw.text((left + 6, middle + 6), rng.choice(_WORDS), colors[2], font=font)
    for _dot in range(rng.randint(2, 7)):
        x, y = rng.randint(left, right - 12), rng.randint(top, bottom - 12)
        draw.ellipse((x, y, x + 10, y + 10), fill=colors[2])


def photo(number, visit=0):
    """Take a photo of a shelf; each visit is another photo of it."""
    rng = random.Random(f"photo {number} {visit}")
    picture = shelf(number)
    width, height = SIZE
    # the corners of what the phone sees, each moved by up to a tenth
    corners = [
        (x * width + sign_x * rng.uniform(0, 0.1) * width,
         y * height + sign_y * rng.uniform(0, 0.1) * height)
        for x, y, sign_x, sign_y in (
            (0, 0, 1, 1), (0, 1, 1, -1), (1, 1, -1, -1), (1, 0, -1, 1)
        )
    ]  # fmt: skip
    quad = [value for corner in corners for value in corner]
    seen = picture.transform(SIZE, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)
    seen = ImageEnhance.Brightness(seen).enhance(rng.uniform(0.8, 1.15))
    return Image.blend(seen, _noise(rng), 0.06)


def _noise(rng):
    """Return what a phone adds by itself, the same for the same state of ``rng``."""
    small = Image.frombytes("RGB", (300, 225), rng.randbytes(300 * 225 * 3))
    return small.resize(SIZE)


# === AGAIN === #


def _cut(picture, left, top, right, bottom):
    width, height = picture.size
    return picture.crop(
        (int(left * width), int(top * height), int(right * width), int(bottom * height))
    )


def _smaller(picture, times):
    return picture.resize((picture.width // times, picture.height // times))


#: What people do to a photo -> function that does it.
AGAIN = {
    "pressed": lambda picture: opened(jpeg(picture, 40)),
    "half the size": lambda picture: _smaller(picture, 2),
    "a third of the size": lambda picture: _smaller(picture, 3),
    "four fifths of it": lambda picture: _cut(picture, 0.1, 0.1, 0.9, 0.9),
    "three fifths of it": lambda picture: _cut(picture, 0, 0.3, 0.6, 0.9),
    "a quarter of it": lambda picture: _cut(picture, 0.4, 0.4, 0.9, 0.9),
    "mirrored": ImageOps.mirror,
    "turned": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.25),
}


def on_screen(picture, seed=0):
    """Return a photo of a screen with a picture: its dots and the phone's beat."""
    rng = random.Random(f"screen {seed}")
    dots, shown = 6, picture.resize((400, 400 * picture.height // picture.width))
    lit = shown.resize((shown.width * dots, shown.height * dots), Image.Resampling.BOX)
    cell = Image.new("RGB", (dots, dots))
    for x, color in enumerate(("#f00", "#f00", "#0f0", "#0f0", "#00f", "#00f")):
        for y in range(dots - 1):
            cell.putpixel((x, y), tuple(17 * int(one, 16) for one in color[1:]))
    grid = Image.new("RGB", lit.size)
    for x in range(0, lit.width, dots):
        grid.paste(cell, (x, 0))
    row = grid.crop((0, 0, lit.width, dots))
    for y in range(0, lit.height, dots):
        grid.paste(row, (0, y))
    lit = ImageEnhance.Brightness(ImageChops.multiply(lit, grid)).enhance(2.4)
    turned = lit.rotate(rng.uniform(2, 8), Image.Resampling.BILINEAR)
    inner = _cut(turned, 0.12, 0.12, 0.88, 0.88)
    scale = rng.uniform(0.3, 0.45)
    size = (int(inner.width * scale), int(inner.height * scale))
    return inner.resize(size, Image.Resampling.BILINEAR, reducing_gap=None)


def jpeg(picture, quality=85, exif=None):
    """Return a picture as the bytes of a JPEG.

    :param exif: ``PIL.Image.Exif``, what the camera says
    """
    out = io.BytesIO()
    more = {"exif": exif} if exif else {}
    picture.convert("RGB").save(out, format="JPEG", quality=quality, **more)
    return out.getvalue()


def opened(data):
    """Return the picture in bytes."""
    return Image.open(io.BytesIO(data)).convert("RGB")
