"""What an upload is, by its first bytes; names and claimed types are worth nothing."""

from .errors import BadUpload

MAX_BYTES = 25 * 1024 * 1024
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"heif"}
_TEXT_STARTS = (b"<svg", b"<?xml", b"<!doctype svg")


def kind(data):
    """Return ``"jpeg"``, ``"png"``, ``"webp"``, ``"heic"`` or ``"pdf"``.

    :param bytes data: the whole upload
    :raise BadUpload: it is nothing of that
    """
    if not data:
        raise BadUpload("empty")
    if len(data) > MAX_BYTES:
        raise BadUpload("too_large")
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "heic"
    if data.startswith(b"%PDF-"):
        return "pdf"
    if _is_vector(data):
        raise BadUpload("vector")
    raise BadUpload("not_image")


def _is_vector(data):
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(_TEXT_STARTS) and b"<svg" in data[:4096].lower()
