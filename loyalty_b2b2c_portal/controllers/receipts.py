import uuid

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.engine.typed_text import read_token
from odoo.addons.loyalty_b2b2c.exceptions import ReceiptError
from odoo.addons.loyalty_b2b2c.recognition.upload import MAX_PAGES

from ..addresses import PATHS, path
from ..pages import membership
from ..pages.receipts import ReceiptsPage
from .portal import LoyaltyPortal

_THUMB = 256  # pixels


class LoyaltyReceiptPortal(LoyaltyPortal):
    """Photos of receipts and tax stamps from the participant's phone.

    An ordinary form: it works in any browser, and sending it again is harmless, because
    the page chose the request's key.  Reading is the work of a scheduled action; the
    page only says how far it is.
    """

    @route(
        PATHS["receipts"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def portal_my_receipts(self, sent=None, withdrawn=None, **kw):
        return self._render_receipts(sent=bool(sent), is_withdrawn=bool(withdrawn))

    @route(PATHS["receipts"], type="http", auth="user", website=True, methods=["POST"])
    def portal_my_receipts_send(self, key="", kind="receipt", member=None, **post):
        """Take the photos of one receipt."""
        submitters = self._get_own_members()
        if not submitters:
            return self._render_receipts(
                error=request.env._("You do not take part at the moment.")
            )
        chosen = submitters.filtered(lambda submitter: str(submitter.id) == member)
        files = [
            upload.stream  # large ones lie on disk; all at once would fill the memory
            for upload in request.httprequest.files.getlist("photo")[: MAX_PAGES + 1]
            if upload.filename
        ]
        try:
            request.env["b2b2c.receipt"]._upload(
                chosen or submitters[:1],
                files,
                read_token(key) or str(uuid.uuid4()),
                kind=kind if kind in ("receipt", "tax_stamp") else "receipt",
            )
        except ReceiptError as error:
            return self._render_receipts(error=str(error))
        return request.redirect(path("receipts", sent=1), code=303)

    @route(
        PATHS["receipt_photo"].format(receipt="<int:receipt_id>"),
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_receipts_photo(self, receipt_id, **kw):
        """The first picture of an own receipt, as small as a list needs it."""
        page = self._get_receipt(receipt_id).page_ids[:1]
        if not page:
            raise NotFound()
        stream = request.env["ir.binary"]._get_image_stream_from(
            page, "image", width=_THUMB, height=_THUMB
        )
        return stream.get_response()

    @route(
        f"{PATHS['receipts']}/<int:receipt_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_receipts_withdraw(self, receipt_id, **post):
        """Take an own receipt back while nobody has decided on it."""
        receipt = self._get_receipt(receipt_id)
        try:
            with request.env.cr.savepoint():
                receipt._withdraw()
        except UserError as error:
            return self._render_receipts(error=error.args[0])
        return request.redirect(path("receipts", withdrawn=1), code=303)

    def _get_receipt(self, receipt_id):
        """Return a receipt of the logged-in person.

        :raise NotFound: unknown or somebody else's: the answer is the same
        """
        receipt = ReceiptsPage(self._get_portal_members()).get(receipt_id)
        if not receipt:
            raise NotFound()
        return receipt

    def _render_receipts(self, error=None, sent=False, is_withdrawn=False):
        submitters = self._get_own_members()
        rows = ReceiptsPage(submitters).rows()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_receipts",
            senders=[
                {"id": submitter.id, "title": membership.title(submitter)}
                for submitter in submitters
            ],
            rows=rows,
            key=str(uuid.uuid4()),
            error=error,
            sent=sent,
            is_withdrawn=is_withdrawn,
            is_open=any(row["is_open"] for row in rows),
            is_reading=any(row["is_reading"] for row in rows),
        )
        return self._respond("portal_my_receipts", values, error)
