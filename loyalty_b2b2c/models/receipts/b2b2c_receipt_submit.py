import base64
import hashlib
from datetime import timedelta

from odoo import api, fields, models

from ...exceptions import ReceiptError
from ...recognition import sandbox
from ...recognition.errors import BadUpload
from ...recognition.sniff import MAX_BYTES
from ...recognition.upload import MAX_PAGES
from .receipt_words import upload_sentence

_CHUNK = 1024 * 1024


class B2b2cReceipt(models.Model):
    """The way in of photos: made harmless, stored, and left for the cron to read."""

    _inherit = "b2b2c.receipt"

    @api.model
    def _upload(self, member, files, request_key, kind="receipt"):
        """Store photos of one receipt; reading them is for :meth:`_cron_read`.

        The same files of the same person are the same receipt, however often they are
        sent.

        :param member: ``b2b2c.member`` who hands it in
        :param files: what a stranger sent, pictures or PDFs: list of bytes or of open
            files, which are read one after the other
        :param str request_key: chosen by the page: sending again is the same receipt
        :param str kind: ``"receipt"`` or ``"tax_stamp"``
        :return: the receipt (with sudo)
        :raise ReceiptError: nothing was stored; its text is for the person
        """
        member = member.sudo()
        receipts = self.sudo()
        digest = _digest(files)
        known = receipts._find_upload(member, digest, request_key, kind)
        if known:
            return known
        receipts._check_day_limit(member)
        pages = receipts._clean(files)
        claim, created = self.env["b2b2c.claim"]._submit(
            member,
            {
                "kind": kind,
                # until its own number is read
                "reference": self.env["ir.sequence"].sudo().next_by_code(self._name),
                "request_key": request_key,
            },
        )
        if not created:
            return receipts.search([("claim_id", "=", claim.id)])
        receipt = receipts.create(
            {
                "claim_id": claim.id,
                "company_id": member.company_id.id,
                "upload_hash": digest,
            }
        )
        self.env["b2b2c.receipt.page"].sudo().create(
            [
                {
                    "receipt_id": receipt.id,
                    "company_id": member.company_id.id,
                    "image": base64.b64encode(page),
                }
                for page in pages
            ]
        )
        self.env.ref("loyalty_b2b2c.cron_receipt").sudo()._trigger()
        return receipt

    def _find_upload(self, member, digest, request_key, kind):
        """Return what a person sent before: by the same request, or the same files."""
        return self.search(
            [
                ("claim_id.submitter_id", "=", member.id),
                "|",
                ("claim_id.request_key", "=", request_key),
                "&",
                ("upload_hash", "=", digest),
                "&",
                ("claim_id.kind", "=", kind),
                # what a person took back can be handed in again
                ("claim_id.reason_code", "!=", "withdrawn"),
            ],
            order="id",
            limit=1,
        )

    def _check_day_limit(self, member):
        """Check that a person does not flood those who review.

        :raise ReceiptError: too many within a day
        """
        limit = member.company_id.b2b2c_receipt_day_limit
        since = fields.Datetime.now() - timedelta(days=1)
        domain = [
            ("claim_id.submitter_id", "=", member.id),
            ("create_date", ">", since),
        ]
        if limit and self.search_count(domain, limit=limit) >= limit:
            raise ReceiptError("day_limit", upload_sentence(self.env, "day_limit"))

    def _clean(self, files):
        """Return uploads as JPEG pages encoded anew.

        :raise ReceiptError: one of them is refused
        """
        try:
            pages = []
            for file in files or [b""]:
                pages += sandbox.clean(_read(file))
                if len(pages) > MAX_PAGES:
                    raise BadUpload("too_many_pages")
        except BadUpload as error:
            sentence = upload_sentence(self.env, error.code)
            raise ReceiptError(error.code, sentence) from None
        return pages


def _digest(files):
    """Return what tells uploads apart: of the bytes as they were sent."""
    digest = hashlib.sha256()
    for file in files:
        file_digest = hashlib.sha256()
        for chunk in [file] if isinstance(file, bytes) else _chunks(file):
            file_digest.update(chunk)
        digest.update(file_digest.digest())
    return digest.hexdigest()


def _chunks(file):
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _read(file):
    """Return the bytes of an upload, one more than allowed when there are too many."""
    if isinstance(file, bytes):
        return file
    file.seek(0)
    return file.read(MAX_BYTES + 1)
