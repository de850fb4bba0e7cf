from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.loyalty_b2b2c.models.activities.b2b2c_activity_piece import PIECE
from odoo.addons.loyalty_b2b2c_portal.pages import membership
from odoo.addons.loyalty_b2b2c_portal.pages.activities import ActivityPage
from odoo.addons.loyalty_b2b2c_portal.pages.tasks import TaskPage, Tasks

from .commands import Commands, find_id

_PAST = 3
_MAX_TEXT = 600

WORDS = {
    "list": lambda env, p: env._("🏆 Tasks and contests"),
    "none": lambda env, p: env._("There is no task and no contest at the moment."),
    "gone": lambda env, p: env._("This is over."),
    "open_page": lambda env, p: env._("Open the page"),
    "progress": lambda env, p: env._(
        "%(score)s of %(goal)s (%(percent)s %%)",
        score=p["score"],
        goal=p["goal"],
        percent=p["percent"],
    ),
    "place": lambda env, p: env._(
        "You are in place %(rank)s with %(score)s.", rank=p["rank"], score=p["score"]
    ),
    "no_place": lambda env, p: env._("You have no place yet."),
    "join": lambda env, p: env._("💪 Take it on"),
    "joined": lambda env, p: env._("You are in. Good luck!"),
    "leave": lambda env, p: env._("Give it up"),
    "left": lambda env, p: env._("You gave it up."),
    "ask_photos": lambda env, p: env._(
        "Send the photos here, and tick what is done. I have: %s.", p["count"]
    ),
    "taking": lambda env, p: env._("I am taking it…"),
    "take_on": lambda env, p: env._("💪 Take it on"),
    "tick": lambda env, p: env._("Done"),
    "hand_in": lambda env, p: env._("✅ Hand in"),
    "remove": lambda env, p: env._("Remove the last one"),
    "handed_in": lambda env, p: env._(
        "Handed in. Somebody looks at it, then you get a message."
    ),
}


class TasksCommands(Commands):
    """Tasks and contests, as on their pages."""

    flow = "tasks"
    words = WORDS

    def offers(self):
        return ("list",) if self.members and Tasks(self.members).summary()[0] else ()

    # === ROUNDS === #

    def list(self):
        """Return what goes on (``rows``, ``elsewhere``) and what is over (``past``)."""
        tasks = Tasks(self.members)
        return {
            "rows": [self._get_row(row) for row in tasks.cards()],
            "elsewhere": [self._get_other(row) for row in tasks.elsewhere()],
            "past": [
                {name: row[name] for name in ("name", "status", "result", "won")}
                for row in tasks.past()[:_PAST]
            ],
        }

    def look(self, key):
        """Return a round in words, ``None`` when it is not for the person."""
        page = self._find(key)
        if not page:
            return None
        values = page.values()
        row = values["row"]
        if values["past"]:
            row = {**row, **values["past"], "left": values["past"]["result"]}
        ranking = (row.get("place") or {}).get("rows") or values["ranking"]
        text = html2plaintext(values["text"] or "").strip()
        return {
            "row": self._get_row(row),
            "text": text[:_MAX_TEXT],
            "conditions": values["conditions"],
            "ranking": ranking,
        }

    def join(self, key):
        """Take a round on."""
        return self._change(key, lambda page: page.round._join(page.member))

    def leave(self, key):
        """Give a round up."""
        return self._change(key, lambda page: page.round._leave(page.member))

    def _change(self, key, change):
        page = self._find(key)
        if not page:
            return None
        change(page)
        return self.look(key)

    def _find(self, key):
        """Return the page of a round of the person, ``None`` for any other.

        :param str key: ids of round and membership, ``"7-3"``
        """
        round_id, _dash, member_id = key.partition("-")
        member = self.members.filtered(lambda one: one.id == find_id(member_id))
        rounds = self.env["b2b2c.challenge.round"].sudo()
        found = rounds.browse(find_id(round_id)).exists()
        if not found or not member or member.company_id != found.company_id:
            return None
        kinds = found.challenge_id._get_scored_kinds()
        is_own = found._is_open_to(member) or found._has_trace_of(member)
        if found.challenge_id.kind not in kinds or not is_own:
            return None
        return TaskPage(found, member)

    def _get_row(self, row):
        return {
            "key": f"{row['id']}-{row['member']}",
            **{name: row[name] for name in ("name", "status", "left", "prizes")},
            "can_join": row.get("can_join", False),
            "can_leave": row.get("can_leave", False),
            "progress": row.get("progress"),
            "place": row.get("place"),
            "problem": row.get("problem", ""),
        }

    def _get_other(self, row):
        """Return a challenge that is done elsewhere: photos here, the rest on its
        page."""
        base, path = self.company.get_base_url(), row["path"]
        parts = path.partition("/tasks/")[2].split("/")
        return {
            "name": row["name"],
            "prizes": row["prizes"],
            "until": row["until"] or "",
            "task": parts[0] if parts[-1] == "photos" else "",
            "url": f"{base}{path}",
        }

    # === PHOTOS AND VIDEO === #

    def photos(self, task):
        """Return a task of photos in words, ``None`` when it is not for the person."""
        page = self._find_activity(task)
        if not page:
            return None
        values, status = page.values(), None
        status, video = values["status"], values["video"]
        has_video = bool(video and video["is_ready"])
        texts = [values["photos_text"]]
        if video:
            texts.append(self.env._("A video of up to %s MB", video["megabytes"]))
        return {
            "name": page.task.name,
            "text": html2plaintext(page.task.description or "").strip()[:_MAX_TEXT],
            "prizes": values["prizes"],
            "photos_text": " · ".join(filter(None, texts)),
            "deadline": values["deadline"]
            and self.env._("Until %s", values["deadline"]),
            "obstacle": values["obstacle"],
            "status": " ".join(filter(None, (status["text"], status["why"])))
            if status
            else "",
            "criteria": [
                {"id": one["id"], "name": one["name"]} for one in values["criteria"]
            ],
            "count": len(values["photos"]) + has_video,
            "is_open": values["is_open"],
            "is_to_take_on": values["is_to_take_on"],
            "url": self.company.get_base_url() + values["address"],
        }

    def take_on(self, task):
        """Take a task of photos on."""
        page = self._find_activity(task)
        if page:
            page.join()

    def keep(self, task, files, is_video):
        """Keep photos, or a video, of a task."""
        submission = self._begin(task)
        for file in files:
            if is_video:
                self._keep_video(submission, file)
            else:
                submission._add_photo(self.clerk.fetch(file))

    def _keep_video(self, submission, file):
        """Take a video in the pieces in which phones send theirs."""
        most = submission.challenge_id.video_megabytes * 1024 * 1024
        content = self.clerk.fetch(file, most)
        key = self.clerk.get_key(file.reference)
        name = file.name or "video.mp4"
        video = submission._begin_video(key, name, len(content))
        for number, start in enumerate(range(0, len(content), PIECE)):
            video._take(number, content[start : start + PIECE])
        video._finish()

    def remove(self, task):
        """Remove what was sent last: a photo, else the video."""
        submission = self._begin(task)
        if submission.photo_ids:
            submission._remove_photo(submission.photo_ids[-1:].id)
        else:
            submission._remove_video()

    def hand_in(self, task, ticked):
        """Hand a task in.

        :param ticked: ids of the lines of the checklist
        """
        own = set(self._find_activity(task).task.criterion_ids.ids)
        place = self.submitters[:1].employer_id.name
        self._begin(task)._hand_in(
            {"note": "", "place": place, "taken_at": None, "position": None},
            own & set(ticked),
        )

    def _begin(self, task):
        """Return what the person does for a task, begun when it was not yet.

        :raise UserError: it is not for the person
        """
        page = self._find_activity(task)
        if not page:
            raise UserError(WORDS["gone"](self.env, {}))
        return page.begin()

    def _find_activity(self, task):
        """Return the page of a task of photos of the person, ``None`` for any other."""
        challenge = self.env["b2b2c.challenge"].sudo().browse(find_id(str(task)))
        challenge = challenge.exists()
        if challenge.kind != "activity" or challenge.state == "draft":
            return None
        members = membership.submitters(self.members).filtered(challenge._is_for)
        members |= self.members & challenge.submission_ids.member_id
        return ActivityPage(challenge, members[:1]) if members else None
