from odoo.tools.image import image_data_uri

from odoo.addons.loyalty_b2b2c.engine.rotating_code import get_groups
from odoo.addons.loyalty_b2b2c.models.base.code_picture import draw_code

from . import words

_SHOWN = 20
_QR_SIZE = 640


class Trainings:
    """The trainings a participant can pass, and has passed.

    :param members: memberships in force of the logged-in person
    """

    def __init__(self, members):
        self.members, self.env = members, members.env

    def has_anything(self):
        """Tell whether there is a training for this person."""
        return bool(self.members) and bool(self._find())

    def rows(self):
        """Return the trainings that run.

        :return: list of dict with the keys ``id``, ``name``, ``text`` (markup),
            ``prize``, ``status``, ``tone`` (of Bootstrap), ``note``, ``action`` (what
            its button says), ``is_done`` (nothing more can be had) and ``path`` (where
            the button leads, empty without one)
        """
        return [self._get_row(challenge) for challenge in self._find()]

    def _find(self):
        """Return the trainings that run and are for this person (sudo)."""
        return self.env["b2b2c.challenge"]._find_trainings_for(self.members)

    def _get_row(self, challenge):
        member = challenge._find_for(self.members)[:1]
        status, tone, note = self._get_status(challenge)
        return {
            "id": challenge.id,
            "name": challenge.name,
            "text": challenge.description,
            "prize": self._word_prizes(challenge),
            "status": status,
            "tone": tone,
            "note": note,
            "action": self._word_action(challenge, tone == "success"),
            "is_done": tone == "success" and challenge.training_repeat != "each",
            "path": challenge._get_training_way()._get_path(challenge, member),
        }

    def _word_prizes(self, challenge):
        """Return the prizes: "50 pts, from 95 on 80 pts"."""
        texts = [
            self.env._(
                "from %(score)s on %(prize)s",
                score=words.quantity(self.env, prize.threshold, None),
                prize=prize._get_text(),
            )
            if prize.threshold
            else prize._get_text()
            for prize in challenge.prize_ids.sorted("threshold")
        ]
        return ", ".join(texts)

    def _word_action(self, challenge, is_passed):
        labels = {
            "presentation": self.env._("Hold a presentation"),
            "attendance": self.env._("I am there"),
        }
        usual = self.env._("Look at it") if is_passed else self.env._("Start")
        return labels.get(challenge.training_way) or usual

    def _get_status(self, challenge):
        """Return ``(status, tone, note)`` of the latest the person did."""
        proofs = (
            self.env["b2b2c.training.proof"]
            .sudo()
            .search(
                [
                    ("challenge_id", "=", challenge.id),
                    ("member_id.partner_id", "in", self.members.partner_id.ids),
                    ("version", "=", challenge.training_version),
                ]
            )
        )
        if not proofs:
            return self.env._("To do"), "secondary", ""
        proof = proofs[0]
        if proof.state == "held":
            note = self.env._("Somebody looks at it first.")
            return self.env._("Being checked"), "warning", note
        if proof.state in ("refused", "withdrawn"):
            return self.env._("Does not count"), "danger", proof.reason or ""
        if not proof.is_valid:
            note = self.env._(
                "It lapsed on %s. Pass it again.",
                words.day(self.env, proof.valid_until),
            )
            return self.env._("Lapsed"), "warning", note
        return self._word_passed(proofs.filtered(lambda one: one.state == "passed"))

    def _word_passed(self, proofs):
        """Return ``(status, tone, note)`` of what was passed, the latest first."""
        if len(proofs) > 1 and proofs[0].challenge_id.training_repeat == "each":
            status = self.env._("Passed %s times", len(proofs))
        else:
            status = self.env._("Passed")
        day, until = proofs[0].passed_at, proofs[0].valid_until
        note = (
            self.env._("Valid until %s", words.day(self.env, until))
            if until
            else words.day(self.env, day)
        )
        return status, "success", note


class Presentations:
    """The presentations a participant holds.

    :param members: memberships in force of the logged-in person
    """

    def __init__(self, members):
        self.members, self.env = members, members.env

    def offered(self):
        """Return the trainings for which the person may hold one.

        :return: list of dict with the keys ``id``, ``name`` and ``least`` (people)
        """
        found = self.env["b2b2c.presentation"]._get_offered(self.members)
        return [
            {"id": one.id, "name": one.name, "least": one.min_attendees}
            for one in found
        ]

    def rows(self):
        """Return the person's presentations, the latest first.

        :return: list of dict with the keys ``id``, ``name``, ``place``, ``when``,
            ``status`` and ``tone``
        """
        found = self._get_own().search(
            [("member_id", "in", self.members.ids)], limit=_SHOWN
        )
        return [
            {
                "id": one.id,
                "name": one.name,
                "place": one.place,
                "when": words.moment(self.env, one.starts_at),
                **dict(zip(("status", "tone"), _get_status(one), strict=True)),
            }
            for one in found
        ]

    def find(self, presentation_id):
        """Return a presentation of this person (sudo), empty for anybody else's."""
        domain = [
            ("id", "=", presentation_id),
            ("member_id", "in", self.members.ids),
        ]
        return self._get_own().search(domain)

    def _get_own(self):
        return self.env["b2b2c.presentation"].sudo()


class Screen:
    """What a presenter shows: the code of this half minute, and who came.

    :param presentation: ``b2b2c.presentation`` (sudo) of the logged-in person
    """

    def __init__(self, presentation):
        self.presentation, self.env = presentation, presentation.env

    def facts(self):
        """Return what the page shows once: dict with ``id``, ``name``, ``place``,
        ``when``, ``state``, ``status``, ``tone``, ``least``, ``photo`` (address of a
        picture, empty without one), ``problem`` and ``points``."""
        one = self.presentation
        status, tone = _get_status(one)
        proof = one.proof_ids.filtered(lambda p: p.member_id == one.member_id)[:1]
        return {
            "id": one.id,
            "name": one.name,
            "place": one.place,
            "when": words.moment(self.env, one.starts_at),
            "state": one.state,
            "status": status,
            "tone": tone,
            "least": one.challenge_id.min_attendees,
            "expected": one.expected,
            "photo": image_data_uri(one.photo_small) if one.photo_small else "",
            "problem": one.problem or "",
            "is_held_back": proof.state == "held",
        }

    def code(self, seen=""):
        """Return what changes: dict with ``code`` (as people read it), ``picture`` (a
        QR code, as an address), ``seconds`` the code is still shown, ``count`` and
        ``names`` of who came, and ``is_open``.

        :param str seen: the code that stands on the screen already: its picture is not
            drawn again, and empty
        """
        one = self.presentation
        names = [attendee.member_id._get_masked_name() for attendee in one.attendee_ids]
        shown = {"count": len(names), "names": names, "is_open": one.state == "open"}
        if not shown["is_open"]:
            return {**shown, "code": "", "picture": "", "seconds": 0}
        digits, seconds = one._get_code()
        code = get_groups(digits)
        picture = "" if code == seen else self._draw(digits)
        return {**shown, "code": code, "picture": picture, "seconds": seconds}

    def _draw(self, digits):
        """Return the QR code that leads to where one confirms with a code."""
        one = self.presentation
        address = one.company_id._get_rewards_url(
            "attend", presentation=one.token, code=digits
        )
        return draw_code(self.env, address, _QR_SIZE)


def _get_status(presentation):
    """Return ``(text, tone)`` of how far a presentation is."""
    env = presentation.env
    texts = {
        "open": (env._("Open"), "info"),
        "counting": (env._("Being counted"), "info"),
        "held": (env._("Held"), "success"),
        "short": (env._("Does not count"), "warning"),
        "cancelled": (env._("Cancelled"), "secondary"),
    }
    return texts[presentation.state]
