from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import content_disposition, request, route

from odoo.addons.loyalty_b2b2c.drawing.poster import PAPERS

from ..addresses import PATHS, path
from ..pages import membership
from ..pages.recommend import Recommend
from .portal import LoyaltyPortal

_PAPER = PATHS["recommend_paper"].format(link="<int:link_id>", paper="<string:paper>")


class LoyaltyRecommendPortal(LoyaltyPortal):
    """A participant recommends."""

    @route(
        PATHS["recommend"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_recommend(self, done="", **kw):
        return self._render_recommend(done=done)

    @route(
        PATHS["recommend"],
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_recommend_change(self, link="", **post):
        """Begin, choose how to be called, or have an SMS sent."""
        if "begin" in post:
            return self._begin(post)
        own = self._get_recommend().find(self._parse_id(link))
        if not own:
            raise NotFound()
        if "sms" in post:
            sentence, is_accepted = own._send_sms(post.get("number", ""))
            if is_accepted:
                return self._render_recommend(notice=sentence)
            return self._render_recommend(error=sentence)
        return self._rename(own, post.get("shown_name", ""))

    @route(
        _PAPER,
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_recommend_paper(self, link_id, paper, **kw):
        """Return a poster or cards to print."""
        own = self._get_recommend().find(link_id)
        if not own or paper not in PAPERS:
            raise NotFound()
        return request.make_response(
            own._draw_poster(paper),
            [
                ("Content-Type", "application/pdf"),
                (
                    "Content-Disposition",
                    content_disposition(f"{own.code}-{paper}.pdf", "inline"),
                ),
            ],
        )

    # === HELPERS === #

    def _get_recommend(self):
        """Return the page of the logged-in person."""
        return Recommend(membership.submitters(self._require_portal_members()))

    def _begin(self, post):
        """Give a code to who agrees to the terms, if there are any."""
        names = ("member", "campaign", "agreed")
        try:
            own = self._get_recommend().begin(*(post.get(name, "") for name in names))
        except UserError as error:
            return self._render_recommend(error=str(error))
        if not own:
            raise NotFound()
        return request.redirect(path("recommend", done="begun"), code=303)

    def _rename(self, own, name):
        """Let a recommender be called as he likes, or not at all."""
        try:
            with request.env.cr.savepoint():
                own.shown_name = " ".join(name.split())
        except UserError as error:
            return self._render_recommend(error=str(error))
        return request.redirect(path("recommend", done="renamed"), code=303)

    def _render_recommend(self, error="", notice="", done=""):
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_recommend",
            offers=self._get_recommend().offers(),
            error=error,
            notice=notice,
            done=done,
        )
        return self._respond("portal_my_recommend", values, error)
