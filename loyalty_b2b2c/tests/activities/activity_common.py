"""A task of photos, and what people hand in for it."""

import io
import random
import struct

from PIL import Image, ImageDraw

from odoo import Command

from ..challenges.challenge_common import ChallengeCommon


def photo(number=0, size=(640, 480)):
    """Return a JPEG that no other number gives."""
    small = (size[0] // 8, size[1] // 8)
    noise = random.Random(number).randbytes(3 * small[0] * small[1])
    picture = Image.frombytes("RGB", small, noise).resize(size)
    ImageDraw.Draw(picture).text((20, 20), f"No. {number}", "black")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def video(size=3_000_000, seconds=12):
    """Return an MP4 of so many bytes: its heads are right, its frames are noise."""
    head = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 512, b"isom", b"mp42")
    mvhd = struct.pack(">I4sIIIII", 28, b"mvhd", 0, 0, 0, 1000, seconds * 1000)
    moov = struct.pack(">I4s", 8 + len(mvhd), b"moov") + mvhd
    room = size - len(head) - len(moov)
    frames = random.Random(size).randbytes(room - 8)
    return head + moov + struct.pack(">I4s", room, b"mdat") + frames


class ActivityCommon(ChallengeCommon):
    """A display of goods: Anna and Bohdan sell at the North Shop, Clara at another."""

    #: First and last day of the tasks; none: March 2026.
    days = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls._create_task()
        cls.submissions = cls.env["b2b2c.activity.submission"]
        cls.desk_user = cls._create_officer("desk")

    @classmethod
    def _create_task(cls, prizes=None, start=True, criteria=(), **values):
        """Create a task of photos in March 2026.

        :param prizes: ``{threshold of the score: points}``
        :param criteria: list of ``(name, greatest score)``
        """
        lines = [
            Command.create({"name": name, "max_score": score})
            for name, score in criteria
        ]
        return cls._create_challenge(
            prizes or {0: 50},
            start=start,
            name="Show our shelf",
            **{"kind": "activity", "criterion_ids": lines, **cls.days, **values},
        )

    @classmethod
    def _create_officer(cls, login):
        """Create somebody of the office who looks at submissions."""
        groups = cls.env.ref("loyalty_b2b2c.group_officer")
        return cls.env["res.users"].create(
            {
                "name": login.title(),
                "login": login,
                "email": f"{login}@office.example.com",
                "group_ids": [Command.link(groups.id)],
                "company_ids": [Command.link(cls.company.id)],
                "company_id": cls.company.id,
            }
        )

    def _hand_in(self, member, *photos, task=None, ticked=(), **words):
        """Let somebody hand in photos for a task.

        :return: the submission, with superuser rights
        """
        one = self.submissions._begin(task or self.task, member)
        for data in photos or (photo(),):
            one._add_photo(data)
        one._hand_in(words, ticked)
        return one

    def _as_officer(self, one, user=None):
        """Return a submission as an officer sees it."""
        return one.with_user(user or self.desk_user).with_company(self.company)

    def _answer(self, one, answer, reason="not_shown", note=None, user=None):
        """Send back, refuse or take back by the dialog."""
        dialog = self.env["b2b2c.activity.answer"].with_user(user or self.desk_user)
        dialog.create(
            {
                "submission_id": one.id,
                "answer": answer,
                "reason": reason,
                "note": note,
            }
        ).action_answer()
