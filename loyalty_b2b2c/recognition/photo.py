"""What machines see on a photo of a task; runs in the worker process."""

import importlib.util
import io

from . import fingerprint, likeness, moire


def look(data):
    """Return ``(what is seen, marks)`` of a clean JPEG.

    :return: ``{"fingerprint": 64 hexadecimal digits, "pattern": strength of
        :func:`.moire.strength`}``, and two marks of :func:`.likeness.mark`: of the
        photo, and of its mirror image; without OpenCV no pattern and no marks
    """
    from PIL import Image, ImageOps

    image = Image.open(io.BytesIO(data), formats=("JPEG",))
    image.load()
    gray = image.convert("L")
    seen = {"fingerprint": fingerprint.of(gray), "pattern": 0.0}
    if importlib.util.find_spec("cv2") is None:
        return seen, []
    import cv2

    cv2.setNumThreads(1)
    seen["pattern"] = round(moire.strength(gray), 2)
    return seen, [likeness.mark(gray), likeness.mark(ImageOps.mirror(gray))]
