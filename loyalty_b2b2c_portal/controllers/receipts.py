import uuid

from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.exceptions import ReceiptError
from odoo.addons.loyalty_b2b2c.recognition.upload import MAX_PAGES

from .portal import LoyaltyPortal

URL = "/my/rewards/receipts"
_MAX_KEY = 64


class LoyaltyReceiptPortal(LoyaltyPortal):
    """Photos of receipts and tax stamps from the participant's phone.

    An ordinary form: it works in any browser, and sending it again is harmless, because
    the page chose the request's key.  Reading is the work of a scheduled action; the
    page only says how far it is.
    """

    @route(URL, type="http", auth="user", website=True, sitemap=False, methods=["GET"])
    def portal_my_receipts(self, sent=None, **kw):
        return self._render_receipts(sent=bool(sent))

    @route(URL, type="http", auth="user", website=True, methods=["POST"])
    def portal_my_receipts_send(self, key="", kind="receipt", member=None, **post):
        """Take the photos of one receipt."""
        senders = self._get_portal_members()._get_portal_scanners()
        if not senders:
            return self._render_receipts(
                error=request.env._("You do not take part at the moment.")
            )
        chosen = senders.filtered(lambda one: str(one.id) == member) or senders[:1]
        files = [
            upload.stream  # large ones lie on disk; all at once would fill the memory
            for upload in request.httprequest.files.getlist("photo")[: MAX_PAGES + 1]
            if upload.filename
        ]
        try:
            request.env["b2b2c.receipt"]._upload(
                chosen,
                files,
                key[:_MAX_KEY] or str(uuid.uuid4()),
                kind=kind if kind in ("receipt", "tax_stamp") else "receipt",
            )
        except ReceiptError as error:
            return self._render_receipts(error=str(error))
        return request.redirect(f"{URL}?sent=1", code=303)

    def _render_receipts(self, error=None, sent=False):
        senders = self._get_portal_members()._get_portal_scanners()
        rows = senders._get_portal_receipts()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_receipts",
            senders=senders,
            rows=rows,
            key=str(uuid.uuid4()),
            error=error,
            sent=sent,
            is_reading=any(row["is_reading"] for row in rows),
        )
        response = request.render("loyalty_b2b2c_portal.portal_my_receipts", values)
        response.status_code = 400 if error else 200
        return response
