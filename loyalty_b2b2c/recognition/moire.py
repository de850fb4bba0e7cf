"""Whether a picture looks like the photo of a screen.

The dots of a screen and those of a camera beat: a pattern that comes back all over the
picture, at a slant.  Blinds, fabrics and gratings do that as well, and sharp screens
far away do not, so this is a sign for a person, and refuses nothing.  Figures:
``docs/activities.md``.

Needs OpenCV and numpy; runs in the worker process only.
"""

TILE = 256
ACROSS = 4  # tiles looked at, and as many down
#: from here on a pattern is a sign
SIGN = 2.3
_SLOWEST = 0.06  # of the waves of a tile; below is what the picture shows
_STRAIGHT = 4  # waves along one side only come from edges and from the JPEG's squares


def strength(gray):
    """Return how strongly one slanted pattern comes back: 1 is usual, 3 is a lot.

    :param gray: Pillow image of mode ``"L"``
    """
    import cv2
    import numpy as np

    waves = [_waves(tile) for tile in _tiles(np.asarray(gray, "f4"))]
    if not waves:
        return 0.0
    # what is in one tile only is a thing on the picture
    common = np.median(np.stack(waves), 0) if len(waves) > 2 else np.mean(waves, 0)
    common = cv2.GaussianBlur(common.astype("f4"), (0, 0), 0.7)
    around = cv2.blur(common, (17, 17))
    down, across = np.mgrid[:TILE, :TILE] - TILE // 2
    speed = np.hypot(across, down)
    slanted = (np.abs(across) > _STRAIGHT) & (np.abs(down) > _STRAIGHT)
    heard = slanted & (speed > _SLOWEST * TILE) & (speed < TILE / 2)
    return ((common - around) * heard).max().item()


def _tiles(picture):
    """Return squares of a picture, spread over it; plain ones are left out."""
    height, width = picture.shape
    tiles = [
        picture[y : y + TILE, x : x + TILE]
        for y in _starts(height)
        for x in _starts(width)
    ]
    return [tile for tile in tiles if tile.std() >= 3]


def _starts(length):
    room = length - TILE
    if room < 0:
        return []
    return range(0, room + 1, max(TILE, room // (ACROSS - 1)))


def _waves(tile):
    """Return how strong each wave is in a square."""
    import numpy as np

    window = np.outer(np.hanning(TILE), np.hanning(TILE))
    found = np.fft.fft2((tile - tile.mean()) * window)
    return np.log1p(np.abs(np.fft.fftshift(found))).astype("f4")
