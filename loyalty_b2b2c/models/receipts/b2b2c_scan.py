import logging

from odoo import api, models
from odoo.tools import SQL

from ...engine import product_code
from ...exceptions import ReceiptError
from ...recognition import printed, sandbox
from ...recognition.errors import ReadingFailed
from .receipt_words import upload_sentence

_logger = logging.getLogger(__name__)

SECONDS = 60
PHOTOS_PER_HOUR = 60
_LOCK = 7221021  # one network in memory at a time, whoever asks
_DIGITS_ONLY = ("ean13", "ean8", "upca", "upce", "itf")


class B2b2cScan(models.AbstractModel):
    """A photo instead of a scan: all codes of a pallet, or of an open box, at once."""

    _inherit = "b2b2c.scan"

    @api.model
    def _read_photo(self, member, file):
        """Return the codes on a photo; which of them count is for :meth:`_take_all`.

        Where a code is torn or covered, a neural network reads the characters that are
        printed under it, and the check characters of the code prove them.

        :param member: ``b2b2c.member`` who took it
        :param file: the upload, bytes or an open file
        :return: dict with ``codes``, texts as scanned, each once, and ``printed``, how
            many of them only the printed characters told
        :raise ReceiptError: its text is for the person
        """
        self._check_photos(member.sudo())
        pages = self.env["b2b2c.receipt"].sudo()._clean([file])
        texts = self._read_codes(pages, member.sudo().company_id)
        found = self._read_printed(pages, list(texts)) if self._take_turn() else []
        return {"codes": [*texts.values(), *found], "printed": len(found)}

    def _check_photos(self, member):
        """Count the photos of a person within the hour.

        :raise ReceiptError: there are too many
        """
        scope = f"photo/m{member.id}"
        counts = self.env["b2b2c.hour.count"].sudo()
        if not counts._count(member.company_id, scope, PHOTOS_PER_HOUR):
            raise ReceiptError("day_limit", upload_sentence(self.env, "day_limit"))

    def _take_turn(self):
        """Tell whether nobody else lets the network read at this moment."""
        if "text" not in sandbox.available():
            return False
        [[free]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s)", _LOCK)
        )
        return free

    def _read_codes(self, pages, company):
        """Return ``{code: text}`` of what decodes by itself."""
        batches = self.env["b2b2c.code.batch"].sudo()
        outside = batches.search_count(
            [("company_id", "=", company.id), ("origin", "=", "import")], limit=1
        )
        found = {}
        for page in _look(pages, ()):
            for kind, text in page.codes:
                scanned = product_code.read(text)
                code = scanned.code
                if not code and outside and kind not in _DIGITS_ONLY:
                    code = scanned.outside
                if code:
                    found.setdefault(code, text)
        return found

    def _read_printed(self, pages, known):
        """Return codes of which only the printed characters can be read."""
        found = {}
        for page in _look(pages, sandbox.engines()[:1]):
            for rows in page.texts.values():
                found |= dict.fromkeys(
                    printed.proven(rows, product_code.LENGTH, known, _prove)
                )
        return [code for code in found if code not in known]


def _look(pages, engines):
    """Return what machines see on photos of many codes; nothing when it fails.

    :param engines: that read the texts; without any, all the codes are looked for
    """
    try:
        with sandbox.Reader(engines) as reader:
            return reader.look(pages, SECONDS, many=not engines)
    except ReadingFailed as error:
        _logger.warning("A photo of codes could not be read: %s", error)
        return []


def _prove(text):
    return product_code.read(text).code
