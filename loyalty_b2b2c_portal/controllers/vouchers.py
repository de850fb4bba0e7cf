import logging

from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.exceptions import RedemptionError, VoucherKeyError

from ..addresses import PATHS
from ..pages.requests import Requests
from ..pages.vouchers import VoucherPage
from .portal import LoyaltyPortal

_logger = logging.getLogger(__name__)
_VOUCHER = PATHS["voucher"].format(request="<int:request_id>")


class LoyaltyVoucherPortal(LoyaltyPortal):
    """The voucher of a participant.

    Opening the page shows no code; only the form does, and each time is written down.
    Nobody keeps either page (``ir_http.py``), and no address of ours goes along to the
    partner's site.
    """

    @route(
        _VOUCHER,
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_voucher(self, request_id, **kw):
        return self._render_voucher(self._get_voucher_page(request_id))

    @route(
        f"{_VOUCHER}/show",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_voucher_show(self, request_id, **post):
        """Show the codes to whom they belong."""
        page = self._get_voucher_page(request_id)
        try:
            with request.env.cr.savepoint():
                codes = page.show(request.env.user)
        except RedemptionError as error:
            return self._render_voucher(page, error=str(error), status=429)
        except VoucherKeyError as error:
            _logger.warning("A voucher could not be shown: %s", error)
            words = request.env._(
                "The code cannot be shown right now. It is yours, and nothing is lost: "
                "please try again later."
            )
            return self._render_voucher(page, error=words, status=503)
        return self._render_voucher(page, codes=codes)

    # === HELPERS === #

    def _get_voucher_page(self, request_id):
        """Return the page of an own voucher.

        :raise NotFound: it is none, or somebody else's: the answer is the same
        """
        mine = Requests(self._require_portal_members())
        redemption = mine.get(request_id)
        if not redemption or not redemption._has_voucher():
            raise NotFound()
        return VoucherPage(redemption)

    def _render_voucher(self, page, codes=None, error=None, status=200):
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_voucher", row=page.row(), codes=codes, error=error
        )
        response = request.render("loyalty_b2b2c_portal.portal_my_voucher", values)
        response.status_code = status
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
