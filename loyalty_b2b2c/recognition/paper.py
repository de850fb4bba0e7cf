"""Finds the sheet of paper in a photo and looks at it from straight above."""

_WORK_SIDE = 900
_MIN_SHARE = 0.12  # of the photo; smaller bright things are no receipt
_NEAR = 12  # pixels between an edge and the side of the outline it is fitted to
_MOVED = 25  # pixels; a corner farther off is another one


def straighten(gray):
    """Return the paper of a photo as a rectangle, or the photo when there is none.

    :param gray: Pillow image of mode ``"L"``
    """
    try:
        import cv2
        import numpy
    except ImportError:
        return gray
    from PIL import Image

    pixels = numpy.asarray(gray)
    corners = _corners(cv2, numpy, pixels)
    if corners is None:
        return gray
    width = max(_length(corners[0], corners[1]), _length(corners[3], corners[2]))
    height = max(_length(corners[0], corners[3]), _length(corners[1], corners[2]))
    if min(width, height) < 40:
        return gray
    target = numpy.float32([[0, 0], [width, 0], [width, height], [0, height]])
    matrix = cv2.getPerspectiveTransform(numpy.float32(corners), target)
    flat = cv2.warpPerspective(
        pixels, matrix, (round(width), round(height)), flags=cv2.INTER_LINEAR
    )
    return Image.fromarray(flat)


def _corners(cv2, numpy, pixels):
    """Return four corners, clockwise from the upper left one, or ``None``."""
    scale = _WORK_SIDE / max(pixels.shape)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    smooth = cv2.GaussianBlur(small, (0, 0), 5)
    _level, mask = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, numpy.ones((25, 25), "u1"))
    outlines = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    share = cv2.contourArea(outline) / mask.size
    if not _MIN_SHARE < share < 0.98:
        return None
    points = _four_points(cv2, numpy, outline)
    sums, differences = points.sum(axis=1), points[:, 0] - points[:, 1]
    order = [sums.argmin(), differences.argmax(), sums.argmax(), differences.argmin()]
    if len(set(map(int, order))) < 4:
        return None
    return _sharp(cv2, numpy, points[order], outline) / scale


def _sharp(cv2, numpy, corners, outline):
    """Return corners where the edges meet: in the outline they are rounded off."""
    points = outline.reshape(-1, 2).astype("f4")
    edges = []
    for start, end in zip(corners, numpy.roll(corners, -1, axis=0), strict=True):
        side = (end - start) / max(1.0, _length(start, end))
        along = (points - start) @ side / max(1.0, _length(start, end))
        aside = numpy.abs((points - start) @ numpy.float32([-side[1], side[0]]))
        near = points[(0.1 < along) & (along < 0.9) & (aside < _NEAR)]
        if len(near) < 20:
            return corners
        edges.append(cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel())
    met = [_meeting(numpy, edges[number - 1], edges[number]) for number in range(4)]
    if any(point is None for point in met):
        return corners
    moved = numpy.abs(numpy.float32(met) - corners).max()
    return numpy.float32(met) if moved <= _MOVED else corners


def _meeting(numpy, one, other):
    """Return where two lines ``(dx, dy, x, y)`` meet, ``None`` when they do not."""
    across = one[0] * other[1] - one[1] * other[0]
    if abs(across) < 0.1:
        return None
    away = other[2:] - one[2:]
    share = (away[0] * other[1] - away[1] * other[0]) / across
    return one[2:] + share * one[:2]


def _four_points(cv2, numpy, outline):
    hull = cv2.convexHull(outline)
    length = cv2.arcLength(hull, True)
    for share in (0.02, 0.03, 0.05, 0.08):
        corners = cv2.approxPolyDP(hull, share * length, True)
        if len(corners) == 4:
            return corners.reshape(4, 2).astype("f4")
    return cv2.boxPoints(cv2.minAreaRect(hull)).astype("f4")


def _length(one, other):
    return ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5
