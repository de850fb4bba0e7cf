from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from ..addresses import PATHS, path
from ..pages import membership
from ..pages.tasks import TaskPage, Tasks
from .portal import LoyaltyPortal

_TASK = PATHS["task"].format(round="<int:round_id>")


class LoyaltyTasksPortal(LoyaltyPortal):
    """Tasks and contests: what there is, how far it is, taking on and giving up."""

    @route(
        PATHS["tasks"],
        type="http", auth="user", website=True, sitemap=False, readonly=True,
    )  # fmt: skip
    def portal_my_tasks(self, **kw):
        tasks = Tasks(self._require_portal_members())
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_tasks",
            cards=tasks.cards(),
            elsewhere=tasks.elsewhere(),
            teams=tasks.team_cards(),
            past=tasks.past(),
        )
        return request.render("loyalty_b2b2c_portal.portal_my_tasks", values)

    @route(
        _TASK,
        type="http", auth="user", website=True, sitemap=False, readonly=True,
        methods=["GET"],
    )  # fmt: skip
    def portal_my_task(self, round_id, member=None, **kw):
        return self._render_task(*self._get_task(round_id, member))

    @route(_TASK, type="http", auth="user", website=True, methods=["POST"])
    def portal_my_task_change(self, round_id, member=None, do="join", **post):
        """Take it on, give it up, or choose whether others see the name."""
        page, is_team = self._get_task(round_id, member)
        one, who = page.round, page.member
        changes = {
            "join": lambda: one._join(who),
            "leave": lambda: one._leave(who),
            "show": lambda: one._show_name(who, True),
            "hide": lambda: one._show_name(who, False),
        }
        if do not in changes or is_team:
            raise NotFound()
        try:
            with request.env.cr.savepoint():
                changes[do]()
        except UserError as error:
            return self._render_task(page, is_team, str(error))
        return request.redirect(path("task", round=one.id, member=who.id), code=303)

    # === HELPERS === #

    def _get_task(self, round_id, member_id):
        """Return the page of a round, and whether it is of the person's team only.

        :param member_id: id of a membership, as the address has it
        :raise NotFound: there is no such round for this person
        """
        members = self._require_portal_members()
        chosen = members.filtered(lambda one: one.id == self._parse_id(member_id))
        round_ = request.env["b2b2c.challenge.round"].sudo().browse(round_id).exists()
        known = round_.challenge_id.kind in round_.challenge_id._get_scored_kinds()
        for one in (chosen or members) if known else ():
            if one.company_id != round_.company_id:
                continue
            if round_._is_open_to(one) or round_._has_trace_of(one):
                return TaskPage(round_, one), False
            if membership.owners(one) and round_._find_team(one):
                return TaskPage(round_, one), True
        raise NotFound()

    def _render_task(self, page, is_team, error=None):
        values = self._prepare_portal_layout_values()
        values.update(
            page.values(is_team), page_name="b2b2c_task", is_team=is_team, error=error
        )
        return self._respond("portal_my_task", values, error)
