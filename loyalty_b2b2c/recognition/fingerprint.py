"""A short number that is alike for pictures that look alike (perceptual hash).

256 signs of the lowest frequencies of the straightened paper, without those that run
along one side only: they are the light.  New photos of one receipt are nearer than
:data:`ALIKE` in nearly all cases, other receipts of the same shop and form farther:
``./loyalty bench receipts``, figures in ``docs/receipts.md``.  Paper that faded in
between is another picture.  So likeness asks a person and refuses nothing.
"""

SIDE = 64
KEPT = 16
ALIKE = 20


def of(gray):
    """Return the fingerprint of a picture as 64 hexadecimal digits.

    :param gray: Pillow image of mode ``"L"``
    """
    from PIL import Image

    small = gray.resize((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    rows = [list(small.crop((0, y, SIDE, y + 1)).tobytes()) for y in range(SIDE)]
    values = [value for row in _lowest(rows) for value in row]
    middle = sorted(values)[len(values) // 2]
    bits = "".join("1" if value > middle else "0" for value in values)
    return f"{int(bits, 2):064x}"


def distance(one, other):
    """Return how many of 256 signs differ."""
    return bin(int(one, 16) ^ int(other, 16)).count("1")


def _lowest(rows):
    """Return the lowest frequencies of a square (two-dimensional cosine transform)."""
    waves = _waves()
    half = [
        [_product(wave, row) for wave in waves] for row in rows
    ]  # row by row: 64 x 16
    columns = list(zip(*half, strict=True))
    return [[_product(wave, column) for column in columns] for wave in waves]


def _waves():
    from math import cos, pi

    return [
        [cos(pi * (2 * x + 1) * k / (2 * SIDE)) for x in range(SIDE)]
        for k in range(1, KEPT + 1)
    ]


def _product(one, other):
    return sum(a * b for a, b in zip(one, other, strict=True))
