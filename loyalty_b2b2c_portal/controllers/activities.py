from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.recognition.sniff import MAX_BYTES

from ..addresses import PATHS, path
from ..pages import membership
from ..pages.activities import ActivityPage
from .portal import LoyaltyPortal

_PAGE = PATHS["activity"].format(task="<int:task_id>")
_MOST_FILES = 20
_THUMB = 480


class LoyaltyActivityPortal(LoyaltyPortal):
    """A task of photos or video, done on the participant's phone.

    An ordinary form: photos are added to what was begun, and stay there whatever
    happens to the rest.  Large videos go another way, see ``activity_video``.
    """

    @route(_PAGE, type="http", auth="user", website=True, sitemap=False,
           methods=["GET"])  # fmt: skip
    def portal_my_activity(self, task_id, member=None, **kw):
        return self._render_activity(self._get_activity(task_id, member))

    @route(_PAGE, type="http", auth="user", website=True, methods=["POST"])
    def portal_my_activity_send(self, task_id, member=None, do="hand_in", **post):
        """Take the task on, add photos, remove one, or hand in."""
        page = self._get_activity(task_id, member)
        try:
            if do == "join":
                page.join()
            elif do.startswith("remove_"):
                self._remove(page.begin(), do)
            else:
                self._add_photos(page.begin())
                if do != "add":
                    page.begin()._hand_in(page.read_words(post), page.read_ticks(post))
        except UserError as error:
            return self._render_activity(page, str(error), post)
        if do == "add":
            return self._render_activity(page, posted=post)
        address = path("activity", task=task_id, member=page.member.id)
        return request.redirect(address, code=303)

    @route(
        PATHS["activity_photo"].format(photo="<int:photo_id>"),
        type="http", auth="user", website=True, sitemap=False, readonly=True,
    )  # fmt: skip
    def portal_my_activity_photo(self, photo_id, **kw):
        """A photo the person handed in."""
        photo = self._get_own("b2b2c.activity.photo", photo_id)
        return self._stream(photo, "image")

    @route(
        PATHS["activity_sample"].format(sample="<int:sample_id>"),
        type="http", auth="user", website=True, sitemap=False, readonly=True,
    )  # fmt: skip
    def portal_my_activity_sample(self, sample_id, **kw):
        """A picture of how it should be, for those the task is for."""
        samples = request.env["b2b2c.activity.sample"].sudo()
        sample = samples.browse(sample_id).exists()
        if not sample or not self._get_participants(sample.challenge_id):
            raise NotFound()
        return self._stream(sample, "image")

    # === HELPERS === #

    def _get_activity(self, task_id, member=None):
        """Return the page of a task for the logged-in person.

        :param member: id of a membership, as the address has it
        :raise NotFound: there is no such task for this person
        """
        task = request.env["b2b2c.challenge"].sudo().browse(task_id).exists()
        if task.kind != "activity" or task.state == "draft":
            raise NotFound()
        members = self._get_participants(task)
        chosen = members.filtered(lambda one: str(one.id) == member)
        if not members:
            raise NotFound()
        return ActivityPage(task, chosen or members[:1])

    def _get_participants(self, task):
        """Return the memberships of the person a task is for, or was done with."""
        members = self._get_portal_members()
        done = task.submission_ids.member_id
        return membership.submitters(members).filtered(task._is_for) | (members & done)

    def _get_own(self, model, record_id):
        """Return a photo or video of the logged-in person (with sudo).

        :raise NotFound: unknown or somebody else's: the answer is the same
        """
        record = request.env[model].sudo().browse(record_id).exists()
        if not record or record.submission_id.member_id not in (
            self._get_portal_members()
        ):
            raise NotFound()
        return record

    def _stream(self, record, field):
        width = _THUMB if request.params.get("small") else 0
        stream = request.env["ir.binary"]._get_image_stream_from(
            record, field, width=width
        )
        return stream.get_response()

    def _add_photos(self, submission):
        """Add the photos that came along.

        :raise ActivityError: one is refused; those before it are kept
        """
        uploads = request.httprequest.files.getlist("photo")[:_MOST_FILES]
        for upload in uploads:
            if upload.filename:
                submission._add_photo(upload.stream.read(MAX_BYTES + 1))

    def _remove(self, submission, what):
        """Remove what is named: ``remove_12`` a photo, ``remove_video`` the video."""
        if what == "remove_video":
            submission._remove_video()
        else:
            submission._remove_photo(self._parse_id(what.removeprefix("remove_")))

    def _render_activity(self, page, error=None, posted=None):
        values = self._prepare_portal_layout_values()
        values.update(page.values(posted), page_name="b2b2c_activity", error=error)
        return self._respond("portal_my_activity", values, error)
