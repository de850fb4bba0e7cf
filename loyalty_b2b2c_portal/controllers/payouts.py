from werkzeug.exceptions import NotFound

from odoo.http import request, route

from ..addresses import PATHS, path
from ..pages.payouts import Payouts
from .portal import LoyaltyPortal

_PROOF = PATHS["payout_proof"].format(payout="<int:payout_id>")


class LoyaltyPayoutPortal(LoyaltyPortal):
    """Who wants money confirms that it is really him, on a page of this payout.

    What is typed proves this payout in the same request; nothing is left in the session
    that another payout could use.
    """

    @route(
        _PROOF,
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_payout_proof(self, payout_id, sent=None, **kw):
        payout = self._get_payout(payout_id)
        if payout.state != "requested":
            return request.redirect(path("requests"), code=303)
        return self._render_proof(payout, is_sent=bool(sent))

    @route(f"{_PROOF}/code", type="http", auth="user", website=True, methods=["POST"])
    def portal_my_payout_code(self, payout_id, **post):
        """Send a code to the address that the person proved to have."""
        payout = self._get_payout(payout_id)
        error = payout._send_code()
        if error:
            return self._render_proof(payout, error=error)
        return request.redirect(
            path("payout_proof", payout=payout.id, sent=1), code=303
        )

    @route(_PROOF, type="http", auth="user", website=True, methods=["POST"])
    def portal_my_payout_prove(self, payout_id, answer="", **post):
        """Take the code or the password."""
        payout = self._get_payout(payout_id)
        error = payout._prove(request.env.user, answer)
        if error:
            return self._render_proof(payout, error=error)
        return request.redirect(path("requests"), code=303)

    # === HELPERS === #

    def _get_payout(self, payout_id):
        """Return an own payout.

        :raise NotFound: unknown, or somebody else's: the answer is the same
        """
        page = Payouts(self._require_portal_members(), request.env.user)
        payout = page.get_payout(payout_id)
        if not payout:
            raise NotFound()
        return payout

    def _render_proof(self, payout, is_sent=False, error=None):
        page = Payouts(self._require_portal_members(), request.env.user)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_payout_proof",
            row=page.row(payout),
            is_sent=is_sent,
            error=error,
        )
        return self._respond("portal_my_payout_proof", values, error)
