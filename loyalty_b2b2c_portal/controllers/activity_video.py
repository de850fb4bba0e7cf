from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.engine.typed_text import read_token
from odoo.addons.loyalty_b2b2c.models.activities.b2b2c_activity_piece import PIECE

from ..addresses import PATHS
from ..pages.activities import to_begin
from .activities import LoyaltyActivityPortal

_TASK = PATHS["activity"].format(task="<int:task_id>")
_VIDEO = PATHS["activity_video"].format(video="<int:video_id>")
_LONGEST_NAME = 200


class LoyaltyVideoPortal(LoyaltyActivityPortal):
    """A video from a phone, in pieces of 2 MiB.

    The phone asks which pieces are missing, sends them in any order, each as often as
    its network wants, and says that it is done.  A question can be asked again, and
    another day, too: what has arrived is kept.
    """

    @route(f"{_TASK}/video", type="jsonrpc", auth="user", website=True)
    def portal_my_video_begin(
        self, task_id, token=None, name="", size=None, member=None
    ):
        """Begin a video, or go on with it.

        :param str token: what the phone knows the file again by
        :param int size: bytes
        :return: ``id``, ``piece`` (bytes), ``missing`` (numbers), or ``error``
        """
        page = self._get_activity(task_id, str(member))
        is_number = isinstance(size, int) and not isinstance(size, bool)
        key = read_token(token) if isinstance(token, str) else None
        try:
            clip = page.begin()._begin_video(
                key or "file",
                str(name)[:_LONGEST_NAME],
                size if is_number and 0 <= size < 2**31 else 2**31 - 1,
            )
        except UserError as error:
            return {"error": str(error)}
        return to_begin(clip)

    @route(
        f"{_VIDEO}/<int:number>",
        type="http", auth="user", website=True, sitemap=False, methods=["POST"],
        max_content_length=PIECE + 64 * 1024, save_session=False,
    )  # fmt: skip
    def portal_my_video_piece(self, video_id, number, **kw):
        """Take a piece: the body as it is, its SHA-256 in a header if there is one."""
        clip = self._get_own("b2b2c.activity.video", video_id)
        headers = request.httprequest.headers
        try:
            clip.submission_id._check_open()
            clip._take(
                number,
                request.httprequest.get_data(cache=False),
                headers.get("X-Piece-Sha256"),
            )
        except UserError as error:
            answer = {"error": str(error), "code": getattr(error, "code", "")}
            return request.make_json_response(answer, status=422)
        return request.make_json_response({"arrived": number})

    @route(f"{_VIDEO}/finish", type="jsonrpc", auth="user", website=True)
    def portal_my_video_finish(self, video_id):
        """Join the pieces; says what is missing when not all are there."""
        clip = self._get_own("b2b2c.activity.video", video_id)
        try:
            clip._finish()
        except UserError as error:
            return {"error": str(error)}
        return to_begin(clip)

    @route(
        _VIDEO, type="http", auth="user", website=True, sitemap=False, readonly=True,
        methods=["GET"],
    )  # fmt: skip
    def portal_my_video(self, video_id, **kw):
        """The video the person handed in; parts of it, where a player asks for them."""
        clip = self._get_own("b2b2c.activity.video", video_id)
        if not clip.attachment_id:
            return request.not_found()
        stream = clip.attachment_id._to_http_stream()
        # it is shown in a page of ours, and alone in a window where phones open it
        return stream.get_response(
            as_attachment=False,
            content_security_policy="default-src 'none'; media-src 'self'",
        )
