from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..addresses import PATHS, path
from ..pages.requests import Requests
from .portal import LoyaltyPortal

_PER_PAGE = 20


class LoyaltyRequestsPortal(LoyaltyPortal):
    """What a participant requested for points, and taking it back."""

    @route(
        [PATHS["requests"], f"{PATHS['requests']}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_requests(self, page=1, sent=None, done=None, **kw):
        return self._render_requests(page=page, sent=sent, is_cancelled=bool(done))

    @route(
        f"{PATHS['requests']}/<int:request_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_requests_cancel(self, request_id, **post):
        """Take an own request back, while nobody has decided on it."""
        redemption = self._get_requests().get(request_id)
        if not redemption:
            raise NotFound()
        try:
            with request.env.cr.savepoint():
                redemption._cancel(request.env.user)
        except UserError as error:
            return self._render_requests(error=error.args[0])
        return request.redirect(path("requests", done=1), code=303)

    def _get_requests(self):
        """Return the requests of the logged-in person.

        :raise NotFound: the person does not take part
        """
        return Requests(self._require_portal_members())

    def _render_requests(self, page=1, sent=None, is_cancelled=False, error=None):
        requests = self._get_requests()
        pager = portal_pager(
            url=PATHS["requests"], total=requests.count(), page=page, step=_PER_PAGE
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_requests",
            rows=requests.rows(pager["offset"], _PER_PAGE),
            sent=requests.row(self._parse_id(sent)),
            is_cancelled=is_cancelled,
            error=error,
            pager=pager,
        )
        return self._respond("portal_my_requests", values, error)
