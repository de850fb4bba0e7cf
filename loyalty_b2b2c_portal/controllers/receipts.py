import uuid

from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.engine.typed_text import read_token
from odoo.addons.loyalty_b2b2c.exceptions import ReceiptError
from odoo.addons.loyalty_b2b2c.recognition.upload import MAX_PAGES

from ..addresses import PATHS, path
from ..pages import membership
from ..pages.receipts import ReceiptsPage
from .portal import LoyaltyPortal


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
    def portal_my_receipts(self, sent=None, **kw):
        return self._render_receipts(sent=bool(sent))

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

    def _render_receipts(self, error=None, sent=False):
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
            is_reading=any(row["is_reading"] for row in rows),
        )
        return self._respond("portal_my_receipts", values, error)
