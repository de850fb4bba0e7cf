"""Why an upload is refused or a picture could not be read, as codes.

Sentences for people are the caller's: ``models/b2b2c_receipt_upload.py``.
"""

#: code -> what it means to a developer
CODES = {
    "empty": "no bytes at all",
    "too_large": "more bytes than MAX_BYTES",
    "vector": "a drawing (SVG), which can carry programs",
    "not_image": "neither a picture nor a PDF",
    "unsupported": "a kind of picture whose library is not installed here",
    "damaged": "it begins like one, but can not be read to its end",
    "too_many_pixels": "it would need too much memory or time",
    "too_small": "nobody could read anything on it",
    "too_many_pages": "a PDF with more pages than a receipt has",
    "locked": "a PDF that asks for a password",
    "not_video": "it does not begin as a video does",
}


class BadUpload(Exception):
    """An upload is refused.

    :param code: one of :data:`CODES`
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class ReadingFailed(Exception):
    """The process that reads pictures died, hung or is missing a library."""
