"""Whether two pictures are one photo: also a part of it, smaller, turned or pressed.

:mod:`.fingerprint` knows a whole picture again; cut off a quarter and it does not.
Here a picture has a *mark*: corners that stand out, and a small grey copy.  Two marks
are of one photo when corners of both lie alike (moved, turned and enlarged as a whole,
which a second photo of the same shelf never is to the pixel) and the small copies, laid
upon each other that way, show the same.  Figures: ``./loyalty bench photos``, and
``docs/activities.md``.

Needs OpenCV and numpy; runs in the worker process only.
"""

import struct

SIDE = 800  # pixels of the longer side while corners are looked for
THUMB = 144  # pixels of the longer side of the small copy
CORNERS = 500
FEWEST = 8  # corners that have to lie alike
NEAR = 72  # of 256 signs of a corner that may differ
#: from here on two small copies show the same; 1 is identical
SAME = 0.93
_HEAD = struct.Struct(">HHHHH")  # corners, size of the picture, size of the copy


def mark(gray):
    """Return the mark of a picture as bytes.

    :param gray: Pillow image of mode ``"L"``
    """
    import cv2
    import numpy as np

    picture = _fit(gray, SIDE)
    finder = cv2.ORB_create(
        nfeatures=CORNERS, scaleFactor=1.2, nlevels=10, fastThreshold=10
    )
    corners, signs = finder.detectAndCompute(picture, None)
    count = len(corners) if signs is not None else 0
    places = np.array([corner.pt for corner in corners], ">f4").reshape(-1, 2)
    height, width = picture.shape
    scale = THUMB / max(height, width)
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    thumb = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    head = _HEAD.pack(count, width, height, *size)
    signs = signs.tobytes() if count else b""
    return head + places[:count].tobytes() + signs + thumb.tobytes()


def compare(views, others):
    """Return for each of other marks how surely it is the same photo, from 0 to 1.

    :param views: marks of one photo: as it is, and in a mirror, where corners differ
    :param others: list of marks
    """
    views = [_Mark(view) for view in views]
    marks = [_Mark(other) for other in others]
    return [max(_likeness(view, mark) for view in views) for mark in marks]


class _Mark:
    """A mark, unpacked."""

    def __init__(self, data):
        import numpy as np

        count, *sizes = _HEAD.unpack_from(data)
        self.width, self.height, across, down = sizes
        start = _HEAD.size
        self.places = np.frombuffer(data, ">f4", 2 * count, start).reshape(-1, 2)
        self.places = self.places.astype("f4")
        start += 8 * count
        self.signs = np.frombuffer(data, "u1", 32 * count, start).reshape(-1, 32)
        start += 32 * count
        self.thumb = np.frombuffer(data, "u1", across * down, start)
        self.thumb = self.thumb.reshape(down, across)

    @property
    def shrink(self):
        """How many times the small copy is smaller."""
        return max(self.width, self.height) / max(self.thumb.shape)


def _likeness(one, other):
    """Return how surely two marks are of one photo, from 0 to 1."""
    import cv2

    if min(len(one.signs), len(other.signs)) < FEWEST:
        return 0.0
    pairs = [
        pair
        for pair in cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(
            one.signs, other.signs
        )
        if pair.distance < NEAR
    ]
    if len(pairs) < FEWEST:
        return 0.0
    sources = one.places[[pair.queryIdx for pair in pairs]]
    targets = other.places[[pair.trainIdx for pair in pairs]]
    way, agree = cv2.estimateAffinePartial2D(
        sources, targets, ransacReprojThreshold=3, maxIters=500
    )
    if way is None or not _is_spread(targets[agree.ravel() == 1]):
        return 0.0
    return _overlay(one, other, way)


def _is_spread(places):
    """Tell whether enough corners lie apart: one spot is no likeness."""
    return len({(int(x // 6), int(y // 6)) for x, y in places}) >= FEWEST


def _overlay(one, other, way):
    """Return how far the small copies agree where one lies upon the other.

    :param way: matrix that leads from places of ``one`` to places of ``other``
    """
    import cv2
    import numpy as np

    size = other.thumb.shape[::-1]
    way = way.copy()
    way[:, :2] *= one.shrink / other.shrink
    way[:, 2] /= other.shrink
    laid = cv2.warpAffine(one.thumb, way, size, flags=cv2.INTER_AREA)
    whole = np.full(one.thumb.shape, 255, np.uint8)
    inside = cv2.warpAffine(whole, way, size)
    inside = cv2.erode(inside, np.ones((5, 5), np.uint8)) > 250
    if inside.sum() < 300:
        return 0.0
    first, second = (
        cv2.GaussianBlur(thumb, (0, 0), 1.5).astype("f4")[inside]
        for thumb in (laid, other.thumb)
    )
    spread = first.std() * second.std()
    if min(first.std(), second.std()) < 4:
        return 0.0  # a wall is like any other
    product = ((first - first.mean()) * (second - second.mean())).mean()
    return max(0.0, min(1.0, (product / spread).item()))


def _fit(gray, side):
    """Return a picture as an array, its longer side so many pixels at most."""
    import numpy as np
    from PIL import Image

    small = gray.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    return np.asarray(small)
