"""What a video is, by its first bytes, and how long it takes to watch.

Only heads of boxes are read, never frames: nothing here decodes what a stranger sent.
"""

import struct

from .errors import BadUpload

#: Bytes of the beginning that :func:`kind` needs.
HEAD_BYTES = 64
MIMETYPES = {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}
_EBML = b"\x1a\x45\xdf\xa3"
#: brands of ISO files that are pictures or sound alone
_NOT_VIDEO = {b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis", b"M4A ", b"M4B "}
_MOST_BOXES = 1000
_LONGEST = 24 * 3600


def kind(head):
    """Return ``"mp4"``, ``"mov"`` or ``"webm"``.

    :param bytes head: the first :data:`HEAD_BYTES` of a file
    :raise BadUpload: it is no video
    """
    if not head:
        raise BadUpload("empty")
    if head.startswith(_EBML):
        return "webm"
    if head[4:8] == b"ftyp" and head[8:12] not in _NOT_VIDEO:
        return "mov" if head[8:12] == b"qt  " else "mp4"
    # old cameras begin with their data
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "mov"
    raise BadUpload("not_video")


def read_duration(file, size):
    """Return how many seconds an ISO file (MP4, MOV) plays, ``None`` when it hides it.

    :param file: open for reading bytes, can seek
    :param int size: its bytes
    """
    try:
        moov = _find_box(file, b"moov", 0, size)
        mvhd = moov and _find_box(file, b"mvhd", *moov)
        return _duration(file, *mvhd) if mvhd else None
    except (struct.error, OverflowError):
        return None


def _find_box(file, name, start, end):
    """Return ``(start, end)`` of what is in the first box of a name, or ``None``."""
    for _number in range(_MOST_BOXES):
        if start + 8 > end:
            return None
        file.seek(start)
        size, found = struct.unpack(">I4s", file.read(8))
        body = start + 8
        if size == 1:  # the size is too large for four bytes
            [size] = struct.unpack(">Q", file.read(8))
            body += 8
        stop = start + size if size else end
        if stop < body or stop > end:
            return None
        if found == name:
            return body, stop
        start = stop
    return None


def _duration(file, start, end):
    """Return the seconds a box ``mvhd`` tells."""
    file.seek(start)
    body = file.read(min(32, end - start))
    if body[:1] == b"\x01":
        scale, length = struct.unpack_from(">IQ", body, 20)
    else:
        scale, length = struct.unpack_from(">II", body, 12)
    if not scale or not 0 < length / scale <= _LONGEST:
        return None
    return round(length / scale)
