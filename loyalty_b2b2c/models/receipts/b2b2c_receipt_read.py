import base64
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.trade_number import normalize
from ...recognition import networks, sandbox, understand
from ...recognition.errors import ReadingFailed
from ...recognition.goods import Line, is_gtin
from ..base.transactions import in_transaction

_logger = logging.getLogger(__name__)

STALE_MINUTES = 15
MAX_ATTEMPTS = 3
GC_BATCH = 500


class B2b2cReceipt(models.Model):
    """Reads photos outside requests: a cron that every upload wakes up."""

    _inherit = "b2b2c.receipt"

    @api.model
    def _cron_read(self):
        """Read what waits, one receipt after the other, each in its own transaction.

        Several crons share the work; what a dying process had begun is begun again.
        """
        cron, registry = self.env["ir.cron"], self.env.registry
        with sandbox.Reader() as reader:
            while taken := in_transaction(registry, _take_next):
                receipt_id, images, languages = taken
                seen = _look(reader, images, languages)
                in_transaction(
                    registry,
                    lambda env, r=receipt_id, s=seen: (
                        env["b2b2c.receipt"].browse(r)._finish_reading(s)
                    ),
                )
                if not cron._commit_progress(1):
                    break

    @api.model
    def _get_readers_text(self):
        """Return what this server can read, and which packages are missing."""
        packages = {
            "codes": (self.env._("QR codes and barcodes"), "zxing-cpp"),
            "text": (self.env._("printed text"), "rapidocr onnxruntime"),
            "names": (self.env._("Ukrainian words"), "tesserocr"),
            "pdf": (self.env._("PDF files"), "pypdfium2"),
            "heic": (self.env._("HEIC photos"), "pi-heif"),
        }
        installed = sandbox.available()
        labels = [label for key, (label, _name) in packages.items() if key in installed]
        missing = [
            name for key, (_label, name) in packages.items() if key not in installed
        ]
        text = self.env._(
            "This server reads: %s.", ", ".join(labels) or self.env._("nothing")
        )
        if missing:
            command = f"pip install {' '.join(missing)}"
            text += " " + self.env._("To install: %s.", command)
        more = self._get_languages_text(), self._get_letters_text()
        return " ".join(filter(None, [text, *more]))

    def _get_letters_text(self):
        """Return which letters the first engine lacks here, and how to have them."""
        languages = self._get_languages()
        scripts = networks.get_scripts(languages)
        if not scripts or "rapidocr" not in sandbox.engines():
            return ""
        network = networks.find(languages)
        if network:
            return self.env._("Letters of your country are read with %s.", network.name)
        folders = networks.get_folders()
        return self.env._(
            "For letters of your country a network helps, %(file)s, in %(folder)s.",
            file=f"{scripts[0]}_PP-OCRv5_rec_mobile.onnx",
            folder=folders[0],
        )

    def _get_languages_text(self):
        """Return which languages the second engine reads, and how to have more."""
        installed = sandbox.languages()
        if not installed:
            return ""
        text = self.env._("Languages: %s.", ", ".join(installed))
        wanted = self._get_languages()
        missing = [name for name in wanted if name not in installed]
        if missing:
            packages = (f"tesseract-ocr-{name.replace('_', '-')}" for name in missing)
            command = f"apt install {' '.join(packages)}"
            text += " " + self.env._("For receipts of your country: %s.", command)
        return text

    def _take_for_reading(self):
        """Take the next receipt that waits, or whose reader died.

        :return: a receipt, empty when nothing waits
        """
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_receipt
                   SET read_state = 'reading', read_at = %(now)s,
                       read_attempts = coalesce(read_attempts, 0) + 1
                 WHERE id = (SELECT id FROM b2b2c_receipt
                              WHERE read_state = 'waiting'
                                 OR read_state = 'reading' AND read_at < %(stale)s
                           ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING id
                """,
                now=now,
                stale=now - timedelta(minutes=STALE_MINUTES),
            )
        )
        self.invalidate_model(["read_state", "read_at", "read_attempts"])
        return self.browse(row[0] for row in rows)

    def _finish_reading(self, seen):
        """Keep what machines saw, and decide.

        :param seen: list of JSON values, one a page; ``None``: the reader died
        """
        self.ensure_one()
        if self.state != "draft":
            return
        if seen is None and self.read_attempts < MAX_ATTEMPTS:
            self.read_state = "waiting"
            return
        self.write(
            {
                "read_state": "failed" if seen is None else "done",
                "read_at": fields.Datetime.now(),
                "seen": seen or [],
            }
        )
        for page, value in zip(self.page_ids, seen or [], strict=False):
            page.fingerprint = value["fingerprint"]
        self._fill()
        self._decide()

    def _fill(self):
        """Write down what machines understood of what they saw."""
        if self.kind == "tax_stamp":
            pages = self._get_pages()
            serial, agreed = understand.stamp(pages)
            doubts = [] if agreed else ["serial_alone" if serial else "no_serial"]
            self.write({"serial": serial, "doubts": doubts})
            self._set_lines(_stamp_lines(serial, pages) if serial else [])
            return
        reading = self._understand()
        self.write(
            {
                "number": reading.number,
                "fiscal_number": reading.fiscal,
                "register_number": reading.register,
                "issued_on": reading.issued_on,
                "issued_time": reading.time,
                "amount_total": reading.total or 0,
                "doubts": list(reading.doubts),
            }
        )
        self._set_lines(reading.lines)

    def _set_lines(self, lines):
        """Replace the lines, each with its product when there is one.

        :param lines: ``recognition.goods.Line``
        """
        self.line_ids.unlink()
        if not lines:
            return
        catalogue = self.env["b2b2c.receipt.catalogue"]._get(self.company_id)
        self.env["b2b2c.receipt.line"].create(
            [
                {
                    "receipt_id": self.id,
                    "name": line.name,
                    "gtin": line.gtin,
                    "product_id": catalogue.match(line.name, line.gtin)[0],
                    "quantity": line.quantity,
                    "amount_total": line.amount,
                    "is_doubtful": line.odd,
                }
                for line in lines
            ]
        )

    # === FORGETTING === #

    @api.autovacuum
    def _gc_photos(self):
        """Delete photos some time after the decision; what was read stays."""
        now = fields.Datetime.now()
        old = self.browse()
        for company in self.env["res.company"].search(
            [("b2b2c_receipt_keep_days", ">", 0)]
        ):
            before = now - timedelta(days=company.b2b2c_receipt_keep_days)
            old |= self.search(
                [
                    ("company_id", "=", company.id),
                    ("claim_id.state", "in", ("accepted", "refused", "cancelled")),
                    ("claim_id.write_date", "<", before),
                    ("page_ids.image", "!=", False),
                ],
                limit=GC_BATCH,
            )
        old.page_ids.write({"image": False})


def _take_next(env):
    """Return ``(receipt id, its pages as bytes, languages)``, ``None`` when nothing
    waits."""
    receipt = env["b2b2c.receipt"]._take_for_reading()
    if not receipt:
        return None
    pages = receipt.page_ids.with_context(bin_size=False)
    images = [base64.b64decode(page.image or b"") for page in pages]
    return receipt.id, images, receipt._get_languages()


def _look(reader, images, languages=()):
    """Return what machines see on pages, ``None`` when the reader died."""
    try:
        return [page.to_json() for page in reader.look(images, languages=languages)]
    except ReadingFailed as error:
        _logger.warning("A receipt could not be read: %s", error)
        return None


def _stamp_lines(serial, pages):
    """Return the one line of a stamp: the product whose barcode is beside it.

    Of two different barcodes nobody knows which one belongs to the stamp.
    """
    gtins = {
        normalize(text): text
        for page in pages
        for _kind, text in page.codes
        if is_gtin(text)
    }
    gtin = [*gtins.values()][0] if len(gtins) == 1 else None
    return [Line(name=serial, amount=0, gtin=gtin)]
