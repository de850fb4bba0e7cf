"""What somebody can take on, reach and win, and how far it is."""

from datetime import timedelta

from babel.dates import format_timedelta

from odoo import fields
from odoo.tools.misc import get_lang

from odoo.addons.loyalty_b2b2c.models.challenges.b2b2c_challenge_round import OPEN

from .. import addresses
from . import membership, words

#: Kind of a challenge -> the page where it is done, and what its path is told.
_DONE_ON = {"activity": ("activity", "task"), "training": ("trainings", None)}
#: Confetti falls for what was won in the last days only.
_FRESH = timedelta(days=3)
_TONES = {
    "running": "info",
    "counting": "warning",
    "provisional": "warning",
    "final": "success",
    "corrected": "success",
    "cancelled": "secondary",
}


class Tasks:
    """The page of tasks and contests of a person.

    :param members: the memberships of a person, with superuser rights
    """

    def __init__(self, members):
        self.members, self.env = members, members.env
        self.rounds = self.env["b2b2c.challenge.round"].sudo()

    def summary(self):
        """Return the tasks in one line for the rewards page, and how many wait to be
        taken on; the line is empty without any."""
        open_ = self.rounds._find_going_on(self.members)
        others = self._find_elsewhere()
        if not open_ and not others and not self._find_over():
            return "", 0
        waiting = [
            one
            for one, member in open_
            if one.challenge_id.is_opt_in and one._get_entry(member).state != "joined"
        ]
        if waiting:
            return self.env._("To take on: %s", len(waiting)), len(waiting)
        return self.env._("Going on: %s", len(open_) + len(others)), 0

    def cards(self):
        """Return the rounds that go on, see :meth:`TaskCard.row`."""
        found = self.rounds._find_going_on(self.members)
        return [TaskCard(one, member).row() for one, member in found]

    def team_cards(self):
        """Return the rounds of the people of the person's shops."""
        found = self.rounds._find_of_teams(membership.owners(self.members))
        return [TaskCard(one, owner).team_row() for one, owner in found]

    def past(self):
        """Return the rounds that are over, see :meth:`TaskCard.past_row`."""
        return [TaskCard(one, member).past_row() for one, member in self._find_over()]

    def elsewhere(self):
        """Return what is done on pages of its own: photos, trainings.

        :return: list of dict with the keys ``name``, ``prizes``, ``until``, ``path``
        """
        return [
            {
                "name": challenge.name,
                "prizes": [prize._get_text() for prize in challenge.prize_ids],
                "until": challenge.last_day and words.day(self.env, challenge.last_day),
                "path": _get_path(challenge),
            }
            for challenge in self._find_elsewhere()
        ]

    def _find_over(self):
        return self.rounds._find_over(self.members)

    def _find_elsewhere(self):
        kinds = [
            kind for kind, (page, _) in _DONE_ON.items() if page in addresses.PATHS
        ]
        members = membership.submitters(self.members)
        challenges = self.env["b2b2c.challenge"].sudo()
        running = challenges.search(
            [
                ("kind", "in", kinds),
                ("state", "=", "running"),
                ("company_id", "in", members.company_id.ids),
            ]
        )
        return running.filtered(lambda one: any(map(one._is_for, members)))


class TaskCard:
    """A round as one participant sees it.

    :param round_: ``b2b2c.challenge.round`` with superuser rights
    :param member: the membership that takes part, or owns the shop
    """

    def __init__(self, round_, member):
        self.round, self.member, self.env = round_, member, round_.env
        self.challenge = round_.challenge_id
        self.entry = round_._get_entry(member)

    # === ROWS === #

    def row(self):
        """Return what a card shows.

        :return: dict; ``progress`` of a task, ``place`` of a contest, see
            :meth:`_get_progress` and :meth:`_get_place`
        """
        is_task = self.challenge.kind == "target"
        takes_part = self.round._takes_part(self.member, self.entry)
        is_running = self._is_running()
        return {
            **self._get_head(),
            "is_task": is_task,
            "takes_part": takes_part,
            "can_join": is_running and self._can_join(),
            "can_leave": is_running
            and self.challenge.is_opt_in
            and self.entry.state == "joined",
            "places_left": self._get_places_left(),
            "progress": self._get_progress() if is_task and takes_part else None,
            "place": self._get_place() if not is_task and takes_part else None,
            "problem": self._get_problem(),
        }

    def team_row(self):
        """Return what the card of a shop's people shows."""
        team = self.round._find_team(self.member)
        return {**self._get_head(), "people": len(team)}

    def past_row(self):
        """Return how a round ended: ``result`` in words, ``is_won``."""
        awards = self.round._find_awards(self.member)
        return {
            **self._get_head(),
            "result": self._get_result(),
            "won": [award.prize_id._get_text(award.points) for award in awards],
        }

    def _get_head(self):
        one, challenge = self.round, self.challenge
        states = dict(one._fields["state"]._description_selection(self.env))
        text, tone = states[one.state], _TONES[one.state]
        if one.state == "running" and fields.Datetime.now() < one.date_from:
            text, tone = self._get_start_text(), "secondary"
        return {
            "id": one.id,
            "member": self.member.id,
            "name": challenge.name,
            "shop": self.member.employer_id.name,
            "status": text,
            "tone": tone,
            "days": self._get_days(),
            "left": self._get_left(),
            "prizes": self._get_prizes(),
            "path": addresses.path("task", round=one.id, member=self.member.id),
        }

    # === WHEN === #

    def _is_running(self):
        one, now = self.round, fields.Datetime.now()
        return one.state == "running" and now < one.date_to

    def _get_start_text(self):
        return self.env._("Starts on %s", words.day(self.env, self.round.first_day))

    def _get_days(self):
        first, last = self.round.first_day, self.round.last_day
        days = dict.fromkeys(words.day(self.env, day) for day in (first, last))
        return " – ".join(days)

    def _get_left(self):
        """Return how long there is time, in words; empty when it is over."""
        now = fields.Datetime.now()
        until = self.entry.deadline or self.round.date_to
        if not self._is_running() or now < self.round.date_from or until <= now:
            return ""
        locale = get_lang(self.env).code
        length = format_timedelta(until - now, threshold=1, locale=locale)
        return self.env._("%s left", length)

    # === WHAT THERE IS TO WIN === #

    def _get_prizes(self):
        """Return the prizes: list of ``(what for, prize)``."""
        return [
            (self._get_reason(prize), prize._get_text())
            for prize in self.challenge.prize_ids.sorted(
                lambda one: (one.place_from, one.threshold, one.streak)
            )
        ]

    def _get_reason(self, prize):
        """Return what a prize is for: a place, or how much."""
        if prize.place_from:
            if prize.place_to == prize.place_from:
                return self.env._("Place %s", prize.place_from)
            return self.env._(
                "Places %(first)s to %(last)s",
                first=prize.place_from,
                last=prize.place_to,
            )
        return self._word_threshold(prize, prize.threshold)

    def _word_threshold(self, prize, threshold):
        score = self.challenge._format_score(threshold)
        if prize.streak > 1:
            return self.env._(
                "%(score)s, in %(rounds)s rounds in a row",
                score=score,
                rounds=prize.streak,
            )
        return score

    # === TAKING PART === #

    def _can_join(self):
        if not self.challenge.is_opt_in or self.member.state != "enrolled":
            return False
        is_free = self._get_places_left() != 0
        return is_free and self.entry.state in (False, "left")

    def _get_places_left(self):
        """Return how many places are left, ``None`` without a limit."""
        if not (self.challenge.is_opt_in and self.challenge.places):
            return None
        return max(self.challenge.places - self.round.places_taken, 0)

    def _get_problem(self):
        """Return why somebody can win nothing, or not yet."""
        if self.entry.state == "disqualified":
            return self.env._("You were excluded: %s", self.entry.reason or "")
        if self.member.state == "suspended":
            return self.env._(
                "Your participation is paused: what you score counts, and a prize "
                "waits until somebody has decided."
            )
        if self._get_places_left() == 0 and self.entry.state != "joined":
            return self.env._("All places are taken.")
        return ""

    # === HOW FAR === #

    def _get_progress(self):
        """Return how far a task is.

        :return: dict ``score`` (words), ``steps`` (list of dict ``threshold``,
            ``prize``, ``is_reached``, ``state``, ``percent``), ``next`` (sentence),
            ``percent``, ``reached`` (ids of what was just won, for confetti)
        """
        progress, steps = self.round._get_progress(self.member)
        score, highest = progress.score, max((one for _, one, _ in steps), default=0)
        whole = int(100 * max(score, 0) / highest) if highest else 100
        return {
            "score": self.challenge._format_score(score),
            "goal": self.challenge._format_score(highest),
            "percent": min(whole, 100),
            "steps": [
                {
                    "threshold": self._word_threshold(prize, needed),
                    "prize": prize._get_text(award.points if award else None),
                    "is_reached": bool(award) or score >= needed,
                    "state": award.state or "",
                }
                for prize, needed, award in steps
            ],
            "next": self._word_next(progress, steps),
            "reached": [award.id for _, _, award in steps if _is_fresh(award)],
        }

    def _word_next(self, progress, steps):
        if not progress.next_step:
            return self.env._("You reached it.") if steps else ""
        prizes = [
            prize._get_text()
            for prize, needed, _ in steps
            if needed == progress.next_step.score
        ]
        return self.env._(
            "%(missing)s more for %(prize)s",
            missing=self.challenge._format_score(progress.missing),
            prize=" + ".join(prizes),
        )

    def _get_place(self):
        """Return where somebody is in a contest.

        :return: dict ``rank`` (0: none yet), ``score``, ``next`` (sentence), ``rows``
            (list of dict ``rank``, ``name``, ``score``, ``is_own``, ``is_gap``),
            ``as_of``, ``reached``
        """
        board = self.round._get_seen(self.member)
        own, rows = board["own"], board["top"] | board["around"] | board["own"]
        names = self.round._get_names(rows, self.member)
        as_of = board["folded_at"]
        return {
            "rank": own.rank,
            "score": self._word_score(own.score),
            "next": self._word_above(board),
            "rows": self._get_rows(rows.sorted("place"), names, own),
            "as_of": as_of and words.moment(self.env, as_of),
            "reached": [one.id for one in self._find_fresh()],
        }

    def _word_above(self, board):
        if not board["own"]:
            return self.env._("Nothing has counted yet.")
        if not board["next_rank"]:
            return self.env._("Nobody is ahead of you.")
        if not board["missing"]:
            return ""
        return self.env._(
            "%(missing)s more to place %(rank)s",
            missing=self._word_score(board["missing"]),
            rank=board["next_rank"],
        )

    def _word_score(self, score):
        """Return a score in words; shops that compete may have one of their own."""
        challenge = self.challenge
        if challenge.group_by == "shop" and challenge.shop_metric != "total":
            text = words.quantity(self.env, score, None)
            return f"{text} %" if challenge.shop_metric != "per_head" else text
        return challenge._format_score(score)

    def _get_rows(self, rows, names, own):
        found, before = [], 0
        for row in rows:
            found.append(
                {
                    "rank": row.rank,
                    "name": names[row],
                    "score": self._word_score(row.score),
                    "is_own": row == own,
                    "is_gap": bool(before) and row.place > before + 1,
                    "is_held": row.is_held,
                }
            )
            before = row.place
        return found

    def _find_fresh(self):
        return self.round._find_awards(self.member).filtered(_is_fresh)

    # === HOW IT ENDED === #

    def _get_result(self):
        """Return how a round ended for somebody, in words."""
        one = self.round
        if one.state == "cancelled":
            reason = self.challenge.cancel_reason
            return (
                self.env._("Cancelled: %s", reason)
                if reason
                else self.env._("Cancelled")
            )
        if self.entry.state == "disqualified":
            return self.env._("You were excluded: %s", self.entry.reason or "")
        if self.challenge.kind == "target":
            score = one._get_scores(self.member)[self.member.id]
            return self.env._("You came to %s", self.challenge._format_score(score))
        own, _first = one._get_seen_results(self.member)
        if not own:
            return self.env._("You have no place.")
        return self.env._(
            "Place %(rank)s with %(score)s",
            rank=own.rank,
            score=self._word_score(own.score),
        )


class TaskPage(TaskCard):
    """The page of one round: also what counts, what did not, and who is where."""

    def values(self, is_team=False):
        """Return what the page shows.

        :param bool is_team: the member owns a shop whose people take part
        """
        one, is_over = self.round, self.round.state not in OPEN
        own = not is_team
        return {
            "row": self.row() if own and not is_over else self._get_head(),
            "past": self.past_row() if own and is_over else None,
            "text": self.challenge.description,
            "conditions": [*self._get_conditions(), *(self._get_past() if own else [])],
            "counted": self._get_counted() if own else [],
            "uncounted": self._get_uncounted() if own else [],
            "held": self._get_held() if own and not is_over else "",
            "ranking": self._get_ranking() if own and is_over else [],
            "team": self._get_team(),
            "is_named": self.entry.is_named,
            "is_hidden": self.entry.is_hidden,
            "asks_name": own and self._asks_name(),
            "until": words.moment(self.env, one.counts_until),
            "is_cancelled": one.state == "cancelled",
        }

    def _asks_name(self):
        """Tell whether others may see the name, so that the person can choose."""
        challenge = self.challenge
        is_among_others = challenge.kind == "contest" and challenge.group_by == "member"
        return is_among_others and challenge.visibility != "own"

    def _get_conditions(self):
        """Return what counts, as lines."""
        challenge = self.challenge
        lines = [_get_label(challenge, "metric")]
        if challenge.metric not in ("scans", "points"):
            moment = _get_label(challenge, "moment")
            lines.append(self.env._("Counts when: %s", moment))
        for names in (challenge.category_ids, challenge.tag_ids):
            if names:
                lines.append(self.env._("Only of: %s", ", ".join(names.mapped("name"))))
        if challenge.document_kind_ids:
            kinds = ", ".join(challenge.document_kind_ids.mapped("name"))
            lines.append(self.env._("Only on: %s", kinds))
        if challenge.count_from == "joined":
            lines.append(self.env._("From the moment you take it on."))
        if challenge.winners:
            lines.append(
                self.env._("Only the first %s get the prize.", challenge.winners)
            )
        if challenge.min_score:
            least = challenge._format_score(challenge.min_score)
            lines.append(self.env._("At least %s for any prize.", least))
        if challenge.kind == "contest":
            policy = _get_label(challenge, "tie_policy")
            lines.append(self.env._("Equal scores: %s.", policy))
        return lines

    def _get_past(self):
        """Return what somebody has to do better than, as lines."""
        challenge = self.challenge
        if not (challenge.kind == "target" and challenge.best_rounds):
            return []
        history = self.round._get_history(self.member, challenge.best_rounds)
        if not history:
            return [self.env._("You have no past here: only the goal counts.")]
        return [
            self.env._(
                "%(percent)s %% more than your own average of the rounds before: "
                "%(scores)s.",
                percent=words.quantity(self.env, challenge.best_percent, None),
                scores=", ".join(challenge._format_score(one) for one in history),
            )
        ]

    def _get_counted(self):
        if not self.round._takes_part(self.member, self.entry):
            return []
        return [
            {
                "name": row["document"],
                "day": words.day(self.env, row["occurred_at"]),
                "score": self.challenge._format_score(row["score"]),
            }
            for row in self.round._get_counted_rows(self.member)
        ]

    def _get_uncounted(self):
        return [
            {
                "name": row["document"],
                "day": words.day(self.env, row["occurred_at"]),
                "reasons": row["reasons"],
            }
            for row in self.round._get_uncounted(self.member)
        ]

    def _get_held(self):
        """Return what waits for somebody's decision, empty when nothing does."""
        held = self.round._get_held_scores(self.member)[self.member.id]
        return self.challenge._format_score(held) if held else ""

    def _get_ranking(self):
        if self.challenge.kind != "contest":
            return []
        own, first = self.round._get_seen_results(self.member)
        rows = (first | own).sorted("place")
        return self._get_rows(rows, self.round._get_names(rows, self.member), own)

    def _get_team(self):
        """Return the people of the own shop, for its owner."""
        if not membership.owners(self.member):
            return []
        team = self.round._find_team(self.member)
        scores = self.round._get_scores(team) if team else {}
        return [
            {
                "name": member.name,
                "score": self.challenge._format_score(scores[member.id]),
                "won": [
                    award.prize_id._get_text(award.points)
                    for award in self.round._find_awards(member)
                ],
            }
            for member in team.sorted(lambda one: -scores[one.id])
        ]


def _get_path(challenge):
    """Return the address of the page where a challenge of another kind is done."""
    page, name = _DONE_ON[challenge.kind]
    return addresses.path(page, **({name: challenge.id} if name else {}))


def _get_label(challenge, name):
    """Return what a choice of a challenge is called."""
    labels = dict(challenge._fields[name]._description_selection(challenge.env))
    return labels[challenge[name]]


def _is_fresh(award):
    """Tell whether something was given a short time ago."""
    since = fields.Datetime.now() - _FRESH
    return award.state == "given" and award.create_date >= since
