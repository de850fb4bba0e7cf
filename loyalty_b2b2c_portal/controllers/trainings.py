from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.engine.rotating_code import read_digits
from odoo.addons.loyalty_b2b2c.engine.typed_text import read_token
from odoo.addons.loyalty_b2b2c.exceptions import LoyaltyError
from odoo.addons.loyalty_b2b2c.recognition.sniff import MAX_BYTES

from ..addresses import PATHS, path
from ..pages.trainings import Presentations, Screen, Trainings
from ..pages.typed import read_moment
from .portal import LoyaltyPortal

_PRESENTATION = PATHS["presentation"].format(presentation="<int:presentation_id>")
_FORM = ("name", "place", "expected", "starts_at")
_EMPTY = dict.fromkeys(_FORM, "")
_MAX_TYPED = 200


class LoyaltyTrainingPortal(LoyaltyPortal):
    """Trainings, presentations somebody holds, and confirming to be at one."""

    # === TRAININGS === #

    @route(PATHS["trainings"], type="http", auth="user", website=True, readonly=True)
    def portal_my_trainings(self, **kw):
        values = self._prepare_portal_layout_values()
        rows = Trainings(self._get_own_members()).rows()
        values.update(page_name="b2b2c_trainings", rows=rows)
        return self._respond("portal_my_trainings", values)

    # === HOLDING A PRESENTATION === #

    @route(
        PATHS["presentations"], type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_my_presentations(self, **kw):
        return self._render_presentations()

    @route(
        PATHS["presentations"], type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_my_presentations_open(self, challenge="", **post):
        """Open a presentation."""
        typed = {name: str(post.get(name) or "")[:_MAX_TYPED] for name in _FORM}
        members, env = self._get_own_members(), request.env
        trainings = env["b2b2c.challenge"].sudo()
        training = trainings.browse(self._parse_id(challenge) or 0).exists()
        member = training._find_for(members)[:1] if training else members.browse()
        try:
            opened = env["b2b2c.presentation"]._open(
                member, training, _read_form(env, typed)
            )
        except LoyaltyError as error:
            return self._render_presentations(
                {**typed, "challenge": challenge}, str(error)
            )
        return request.redirect(path("presentation", presentation=opened.id), code=303)

    @route(_PRESENTATION, type="http", auth="user", website=True, methods=["GET"])
    def portal_my_presentation(self, presentation_id, **kw):
        return self._render_screen(self._get_presentation(presentation_id))

    @route(
        _PRESENTATION,
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=MAX_BYTES + 2**20,
    )
    def portal_my_presentation_change(self, presentation_id, **post):
        """Take the photo of the room, close, or cancel."""
        presentation = self._get_presentation(presentation_id)
        try:
            if "photo" in post:
                photo = request.httprequest.files.get("photo")
                presentation._set_photo(
                    photo.stream.read(MAX_BYTES + 1) if photo else b""
                )
            elif "cancel" in post:
                presentation._cancel()
            elif "close" in post:
                presentation._close()
        except LoyaltyError as error:
            return self._render_screen(presentation, str(error))
        return request.redirect(
            path("presentation", presentation=presentation.id), code=303
        )

    @route(f"{_PRESENTATION}/live", type="jsonrpc", auth="user", readonly=True)
    def portal_my_presentation_live(self, presentation_id, shown="", **kw):
        """What the presenter's screen shows now; see :meth:`~.Screen.code`."""
        return Screen(self._get_presentation(presentation_id)).code(shown)

    # === CONFIRMING === #

    @route(PATHS["attend"], type="http", auth="user", website=True, methods=["GET"])
    def portal_my_attend(self, presentation="", code="", **kw):
        """Ask to confirm; opening the page changes nothing."""
        return self._render_attend(presentation, code)

    @route(PATHS["attend"], type="http", auth="user", website=True, methods=["POST"])
    def portal_my_attend_confirm(self, presentation="", code="", **post):
        """Take a confirmation."""
        confirmed = request.env["b2b2c.presentation.attendee"]._confirm(
            self._get_own_members(), code, read_token(presentation)
        )
        return self._render_attend(confirmed=confirmed)

    # === HELPERS === #

    def _get_presentation(self, presentation_id):
        """Return a presentation of the logged-in person (with sudo).

        :raise NotFound: unknown or somebody else's: the answer is the same
        """
        found = Presentations(self._get_own_members()).find(presentation_id)
        if not found:
            raise NotFound()
        return found

    def _render_presentations(self, typed=None, error=""):
        page = Presentations(self._get_own_members())
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_presentations",
            offered=page.offered(),
            rows=page.rows(),
            typed={**_EMPTY, "challenge": "", **(typed or {})},
            error=error,
        )
        return self._respond("portal_my_presentations", values, error)

    def _render_screen(self, presentation, error=""):
        screen = Screen(presentation)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_presentation",
            presentation=screen.facts(),
            shown=screen.code(),
            error=error,
        )
        return self._respond("portal_my_presentation", values, error)

    def _render_attend(self, presentation="", code="", confirmed=None):
        is_there = bool(confirmed) and confirmed.status in ("there", "again")
        about = confirmed.presentation if is_there else None
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_attend",
            token=read_token(presentation),
            code=read_digits(code),
            message=confirmed.message if is_there else "",
            about=about and {"name": about.name, "place": about.place},
        )
        error = confirmed.message if confirmed and not is_there else ""
        return self._respond("portal_my_attend", {**values, "error": error}, error)


def _read_form(env, typed):
    """Return what somebody typed about a presentation; ``None`` for what is unreadable.

    :param dict typed: texts; one without a time starts now
    """
    expected, starts_at = typed["expected"].strip(), typed["starts_at"].strip()
    return {
        "name": typed["name"],
        "place": typed["place"],
        "expected": int(expected[:6])
        if expected.isascii() and expected.isdecimal()
        else 0,
        "starts_at": read_moment(env, starts_at)
        if starts_at
        else fields.Datetime.now(),
    }
