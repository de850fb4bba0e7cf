from odoo.exceptions import UserError
from odoo.http import content_disposition, request, route

from ..addresses import PATHS, path
from ..pages.data import OwnData
from .portal import LoyaltyPortal

_PAGE = PATHS["data"]


class LoyaltyDataPortal(LoyaltyPortal):
    """A participant's rights: a copy of the data, to end, to be forgotten."""

    @route(_PAGE, type="http", auth="user", website=True, methods=["GET"])
    def portal_my_rewards_data(self, done="", **kw):
        return self._render_data(done=done)

    @route(f"{_PAGE}/copy", type="http", auth="user", website=True, methods=["POST"])
    def portal_my_rewards_data_copy(self, **post):
        """Return everything that is stored about the person, as a file."""
        members = self._require_portal_members()
        name = content_disposition("my-data.zip")
        return request.make_response(
            members[:1]._export_personal_data(),
            [("Content-Type", "application/zip"), ("Content-Disposition", name)],
        )

    @route(f"{_PAGE}/leave", type="http", auth="user", website=True, methods=["POST"])
    def portal_my_rewards_data_leave(self, member="", sure="", **post):
        """End one of the person's memberships at once."""
        members = self._require_portal_members()
        chosen = members.filtered(lambda own: own.id == self._parse_id(member))
        if not sure:
            return self._render_data(
                problem=request.env._("Tick the box if you are sure.")
            )
        chosen._end_by_self()
        return request.redirect(path("data", done="left"), code=303)

    @route(f"{_PAGE}/erase", type="http", auth="user", website=True, methods=["POST"])
    def portal_my_rewards_data_erase(self, password="", **post):
        """Ask to be forgotten, or take that back."""
        members = self._require_portal_members()
        if "keep" in post:
            members[:1]._take_erasure_back()
            return request.redirect(path("data", done="kept"), code=303)
        try:
            members[:1]._ask_for_erasure(request.env.user, password)
        except UserError as error:
            return self._render_data(problem=error.args[0])
        return request.redirect(path("data", done="asked"), code=303)

    def _render_data(self, done="", problem=""):
        own = OwnData(self._require_portal_members())
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_data",
            rows=own.rows(),
            asked_on=own.asked_on(),
            left=own.left(),
            done=done,
            problem=problem,
        )
        return self._respond("portal_my_data", values, problem)
