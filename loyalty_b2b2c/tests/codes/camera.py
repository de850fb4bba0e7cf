"""A camera for headless Chromium that sees a QR code."""

import contextlib
import io
import tempfile
from pathlib import Path
from unittest.mock import patch

import qrcode
from PIL import Image

from odoo.tests.common import ChromeBrowser

_SIZE = (640, 480)
_BEHIND = "#d8d8d8"
_SIDE = 440  # of the code at most, as somebody holds a phone in front of a till
# one frame each, in degrees; Chromium repeats them.  A hand is never still, and without
# that about one code of fifty is in no frame as the browser's reader wants it
_TILTS = (0, 4, -5, 9)


def draw_code(text):
    """Return the QR code of a text as the bytes of a picture."""
    code = qrcode.QRCode(border=4, box_size=8)
    code.add_data(text)
    code.make(fit=True)
    buffer = io.BytesIO()
    code.make_image().get_image().save(buffer, "PNG")
    return buffer.getvalue()


@contextlib.contextmanager
def camera_sees(picture):
    """Let browsers of the block have a camera that looks at a picture.

    :param bytes picture: PNG of a code
    """
    with camera_flags(picture) as flags:
        spawn = ChromeBrowser._spawn_chrome

        def spawn_with_camera(browser, command):
            return spawn(browser, [command[0], *flags, *command[1:]])

        with patch.object(ChromeBrowser, "_spawn_chrome", spawn_with_camera):
            yield


@contextlib.contextmanager
def camera_flags(picture):
    """The options that give Chromium a camera that looks at a picture."""
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "camera.mjpeg"
        video.write_bytes(b"".join(_get_frame(picture, tilt) for tilt in _TILTS))
        yield (
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        )


def _get_frame(picture, tilt):
    """Return what the camera sees, the code tilted in the middle, as JPEG."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    # as it is drawn: squares of unequal sizes are read or not, depending on the code
    image.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    frame = Image.new("RGB", _SIZE, _BEHIND)
    frame.paste(image, ((_SIZE[0] - image.width) // 2, (_SIZE[1] - image.height) // 2))
    frame = frame.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=_BEHIND)
    buffer = io.BytesIO()
    frame.save(buffer, "JPEG", quality=90, subsampling=2)
    return buffer.getvalue()
