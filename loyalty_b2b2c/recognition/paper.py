"""Finds the sheet of paper in a photo and looks at it from straight above."""

_WORK_SIDE = 900
_MIN_SHARE = 0.12  # of the photo; smaller bright things are no receipt


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
    outlines = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    share = cv2.contourArea(outline) / mask.size
    if not _MIN_SHARE < share < 0.98:
        return None
    points = _four_points(cv2, numpy, outline) / scale
    sums, differences = points.sum(axis=1), points[:, 0] - points[:, 1]
    order = [sums.argmin(), differences.argmax(), sums.argmax(), differences.argmin()]
    return points[order] if len(set(map(int, order))) == 4 else None


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
