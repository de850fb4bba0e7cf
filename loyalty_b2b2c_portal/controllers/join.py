from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.models.joining.join_input import JoinInput, read_input
from odoo.addons.loyalty_b2b2c.models.people.addresses import get_example_phone
from odoo.addons.loyalty_b2b2c.models.sharing.referral_visit import COOKIE

from ..addresses import PATHS, path
from ..pages import membership
from ..pages.card import CardPage
from ..pages.earn import preview
from .portal import LoyaltyPortal
from .scan import SCAN_CODE

#: Which request of this browser goes on; never taken from an address or a form.
_JOIN = "b2b2c_join"
_FIELDS = ("name", "email", "phone")
_JOINING = PATHS["join"].format(token="<string:token>")


class LoyaltyJoinPortal(LoyaltyPortal):
    """Joining with an invitation: a form, a code, done.

    Everybody may open these pages.  They tell nothing about who is known here, and
    nothing about invitations that cannot be used: those do not exist.
    """

    # === ROUTES === #

    @route(
        _JOINING,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def portal_join(self, token, **kw):
        """Show the step this browser is at."""
        invitation = request.env["b2b2c.invitation"]._find(token)
        if not invitation:
            return self._render_no_invitation()
        joining = self._get_join(invitation)
        if joining:
            return self._render_join_step(joining)
        if invitation._get_state() == "full":
            return self._render_no_invitation()
        return self._render_join_form(invitation)

    @route(
        _JOINING,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def portal_join_start(self, token, **post):
        """Take the form and send a code; who is signed in needs none."""
        invitation = request.env["b2b2c.invitation"]._find(token)
        if not invitation:
            return self._render_no_invitation()
        if self._get_join(invitation) and not post.get("again"):
            return self._go_to_join(invitation)  # sent twice, or by going back
        person = self._read_person(invitation, post)
        if person.problem:
            return self._render_join_form(invitation, post, person.problem)
        joining = self._start_join(invitation, person)
        problem = "" if joining.partner_id else joining._send_code()
        if problem:
            joining.unlink()
            return self._render_join_form(invitation, post, problem)
        if joining.partner_id:
            joining._finish()
        request.session[_JOIN] = joining.id
        return self._go_to_join(invitation)

    @route(
        f"{_JOINING}/code",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def portal_join_code(self, token, code="", **post):
        """Take the code, or one of the buttons beside it."""
        invitation = request.env["b2b2c.invitation"]._find(token)
        if not invitation:
            return self._render_no_invitation()
        joining = self._get_join(invitation)
        problem = sent = ""
        if joining and "change" in post:
            self._forget_join(joining)
        elif joining and "skip" in post:
            joining._skip_address()
        elif joining and "again" in post:
            problem = joining._send_code()
            sent = not problem
        elif joining:
            proved = joining._get_proved()
            problem = joining._check_code(code)
            if joining._get_proved() != proved:
                # who knew this browser's session before it was somebody's is out
                request.session.should_rotate = True
        if problem or sent:
            return self._render_join_step(joining, problem=problem, sent=sent)
        return self._go_to_join(invitation)

    @route(
        PATHS["poster"].format(token="<string:token>"),
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_join_poster(self, token, **kw):
        """The QR code on a page to print; who has the link may share it."""
        invitation = request.env["b2b2c.invitation"]._find(token)
        if not invitation:
            return self._render_no_invitation()
        values = {"invitation": invitation, "qr_code": invitation.qr_code.decode()}
        return request.render("loyalty_b2b2c_portal.portal_join_poster", values)

    # === HELPERS === #

    def _read_person(self, invitation, post):
        """Return who joins (``JoinInput``): as the form says, or who is signed in."""
        user = request.env.user
        if user._is_public():
            country = invitation.employer_id.country_id
            country = country or invitation.company_id.country_id
            person = read_input(request.env, post, country)
        else:
            person = JoinInput(user.partner_id.name or user.login)
        if not person.problem and not post.get("consent"):
            return JoinInput(
                problem=request.env._("Nobody joins without agreeing. Tick the box.")
            )
        return person

    def _start_join(self, invitation, person):
        """Return a new request to join of this browser."""
        user = request.env.user
        joining = request.env["b2b2c.join"]._start(
            invitation,
            person,
            lang=request.env.lang or "",
            address=request.httprequest.remote_addr or "",
            scan_code=request.session.get(SCAN_CODE) or "",
            partner=None if user._is_public() else user.partner_id,
        )
        joining._take_visit(request.cookies.get(COOKIE))
        return joining

    def _get_join(self, invitation):
        """Return the request of this browser for an invitation, empty if none."""
        joins = request.env["b2b2c.join"].sudo()
        joining = joins.browse(request.session.get(_JOIN) or ()).exists()
        if joining.invitation_id != invitation:
            return joins
        user = request.env.user
        if not user._is_public() and joining.partner_id != user.partner_id:
            return joins  # somebody else signed in meanwhile
        if joining.state == "joined" and user._is_public() and not joining._is_fresh():
            return joins  # a tablet of the shop: the next person begins anew
        return joining

    def _forget_join(self, joining):
        """Begin anew; the limits go on counting."""
        request.session.pop(_JOIN, None)
        if joining.state == "code":
            joining.unlink()

    def _go_to_join(self, invitation):
        return request.redirect(path("join", token=invitation.token))

    def _get_phone_example(self, invitation):
        """Return how a mobile number is typed in the country of the shop."""
        country = invitation.employer_id.country_id or invitation.company_id.country_id
        return get_example_phone(country)

    # === PAGES === #

    def _render_no_invitation(self):
        """Return the answer to every link that does not work: always the same."""
        return request.render("loyalty_b2b2c_portal.portal_join_none", status=404)

    def _render_join_form(self, invitation, post=None, problem=""):
        text = request.env["b2b2c.consent.text"]._get_current(invitation.company_id)
        post = post or {}
        values = {
            "invitation": invitation,
            "text": text,
            "problem": problem,
            "signed_in": not request.env.user._is_public(),
            "form": {name: str(post.get(name) or "")[:254] for name in _FIELDS},
            "has_agreed": bool(post.get("consent")),
            "phone_example": self._get_phone_example(invitation),
            "earnings": preview(invitation),
            "page": path("join", token=invitation.token),
        }
        return request.render("loyalty_b2b2c_portal.portal_join_form", values)

    def _render_join_step(self, joining, problem="", sent=False):
        """Show the code's page, what is waited for, or how it ended."""
        if joining.state == "joined":
            return self._render_join_done(joining)
        if joining.state == "closed":
            request.session.pop(_JOIN, None)
            return self._render_no_invitation()
        if joining.state in ("taken", "refused"):
            request.session.pop(_JOIN, None)
        values = {
            "joining": joining,
            "invitation": joining.invitation_id,
            "problem": problem,
            "sent": sent,
            "address": joining._get_shown_address(),
            "can_skip": bool(joining._get_proved()),
            "page": path("join", token=joining.invitation_id.token),
        }
        return request.render("loyalty_b2b2c_portal.portal_join_step", values)

    def _render_join_done(self, joining):
        """Go on to what the person came for."""
        if not request.env.user._is_public():
            request.session.pop(_JOIN, None)
            code = request.session.get(SCAN_CODE)
            return request.redirect(path("scan" if code else "overview"))
        buyer = joining.member_id
        buyer = buyer.filtered(lambda member: member._buys_anywhere())
        values = {
            "joining": joining,
            "invitation": joining.invitation_id,
            # who joins at a till shows it there at once: the purchase counts already
            "cards": CardPage(membership.submitters(buyer)).cards(),
            "next": joining._get_next_path(),
            "page": path("join", token=joining.invitation_id.token),
        }
        return request.render("loyalty_b2b2c_portal.portal_join_done", values)
