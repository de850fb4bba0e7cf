import base64
import logging
from datetime import datetime

from odoo import api, models
from odoo.tools import SQL

from ...recognition import fingerprint, likeness, moire, sandbox
from ...recognition.errors import ReadingFailed
from ..base.transactions import in_transaction

_logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
#: Hours between what the camera says and what the person says, without a sign.  A
#: camera does not say in which time zone it is: half a day is none.
CAMERA_HOURS = 26


class B2b2cActivityPhoto(models.Model):
    """Looks at photos outside requests: is one of them here for the second time?

    What it finds are signs, for whoever reviews; nothing is refused by a machine.
    """

    _inherit = "b2b2c.activity.photo"

    # of a company so many photos are compared in parts, those of the task first
    COMPARED = 500
    _BATCH = 50

    @api.model
    def _cron_look(self):
        """Look at the photos that wait, each in its own transaction."""
        cron, registry = self.env["ir.cron"], self.env.registry
        with sandbox.Comparer() as comparer:
            while in_transaction(
                registry,
                lambda env: env["b2b2c.activity.photo"]._look_at_next(comparer),
            ):
                if not cron._commit_progress(1):
                    break

    def _look_at_next(self, comparer):
        """Look at the next photo that waits; several crons share the work.

        :return: whether there was one
        """
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_activity_photo
                   SET look_attempts = look_attempts + 1
                 WHERE id = (SELECT id FROM b2b2c_activity_photo
                              WHERE look_state = 'waiting'
                           ORDER BY look_attempts, id LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING id
                """
            )
        )
        self.invalidate_model(["look_attempts"])
        for (photo_id,) in rows:
            self.browse(photo_id)._look(comparer)
        return bool(rows)

    def _look(self, comparer):
        """Write down what is seen on this photo.

        :param comparer: an open ``recognition.sandbox.Comparer``
        """
        self.ensure_one()
        image = base64.b64decode(self.with_context(bin_size=False).image or b"")
        if not image:  # forgotten meanwhile
            self.look_state = "failed"
            return
        try:
            seen, views = comparer.look(image)
            alike = self._find_alike(seen["fingerprint"], views, comparer)
        except ReadingFailed as error:
            _logger.warning("A photo of a task could not be looked at: %s", error)
            if self.look_attempts >= MAX_ATTEMPTS:
                self.look_state = "failed"
            return
        self.write(
            {
                "look_state": "done",
                "fingerprint": seen["fingerprint"],
                "mark": base64.b64encode(views[0]) if views else False,
                "alike_id": alike.id,
                "signs": self._get_signs(alike, seen["pattern"]),
            }
        )
        self.submission_id._note_signs()

    def _get_signs(self, alike, pattern):
        """Return what a reviewer should look at, as codes of ``activity_words``.

        :param alike: the photo it looks like, or none
        :param float pattern: of ``recognition.moire``
        """
        signs = []
        if alike:
            same = alike.upload_hash == self.upload_hash
            signs.append("same_photo" if same else "alike")
        if pattern >= moire.SIGN:
            signs.append("screen")
        taken = self.submission_id.taken_at or self.create_date
        if self.camera_time:
            camera = datetime.fromisoformat(self.camera_time)
            if abs((camera - taken).total_seconds()) > CAMERA_HOURS * 3600:
                signs.append("camera_time")
        return signs

    # === THE SAME AGAIN === #

    def _find_alike(self, print_, views, comparer):
        """Return the photo of another submission that this one looks like most.

        :param str print_: fingerprint of the whole picture
        :param views: marks of this photo, see ``recognition.photo``
        """
        others = [
            ("company_id", "=", self.company_id.id),
            ("submission_id", "!=", self.submission_id.id),
            ("id", "<", self.id),
        ]
        same = self.search([*others, ("upload_hash", "=", self.upload_hash)], limit=1)
        return (
            same or self._find_print(print_) or self._find_part(others, views, comparer)
        )

    def _find_print(self, print_):
        """Return an earlier photo that looks like this one as a whole."""
        self.flush_model(["fingerprint"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM (
                    SELECT id, length(replace((('x' || fingerprint)::bit(256)
                           # ('x' || %(print)s)::bit(256))::text, '0', '')) AS distance
                      FROM b2b2c_activity_photo
                     WHERE company_id = %(company)s AND id < %(id)s
                       AND submission_id != %(submission)s
                       AND fingerprint IS NOT NULL) p
                 WHERE distance <= %(alike)s ORDER BY distance, id LIMIT 1
                """,
                print=print_,
                company=self.company_id.id,
                id=self.id,
                submission=self.submission_id.id,
                alike=fingerprint.ALIKE,
            )
        )
        return self.browse(row[0] for row in rows)

    def _find_part(self, others, views, comparer):
        """Return an earlier photo of which this one is a part, or the other way round.

        :param others: domain of the photos of others
        """
        if not views:
            return self.browse()
        own = ("challenge_id", "=", self.challenge_id.id)
        marked = [*others, ("look_state", "=", "done"), ("mark", "!=", False)]
        photos = self.search([*marked, own], order="id desc", limit=self.COMPARED)
        room = self.COMPARED - len(photos)
        if room:
            elsewhere = [*marked, ("challenge_id", "!=", self.challenge_id.id)]
            photos += self.search(elsewhere, order="id desc", limit=room)
        best = (0, self.browse())
        for start in range(0, len(photos), self._BATCH):
            batch = photos[start : start + self._BATCH].with_context(bin_size=False)
            marks = [base64.b64decode(photo.mark or b"") for photo in batch]
            batch.invalidate_recordset(["mark"])  # a few megabytes each time
            found = zip(comparer.compare(views, marks), batch, strict=True)
            best = max([best, *found], key=lambda pair: pair[0])
        return best[1] if best[0] >= likeness.SAME else self.browse()
