from odoo import models

from ..base.days import word_day

_BATCH = 1000


class B2b2cChallenge(models.Model):
    """What people hear when a challenge starts."""

    _inherit = "b2b2c.challenge"

    def action_start(self):
        result = super().action_start()
        for challenge in self.sudo():
            challenge._tell_started()
        return result

    def _tell_started(self):
        """Tell those it is for that there is something to reach or to win."""
        self.ensure_one()
        people = self.env["b2b2c.member"].search(self._get_audience_domain())
        for start in range(0, len(people), _BATCH):
            self._tell_people(
                "challenge_started",
                people[start : start + _BATCH],
                lambda member: f"started/{member.id}",
                lambda member, words: words._get_start_details(),
            )

    def _tell_people(self, kind, people, get_key, get_details):
        """Queue messages about this challenge, each once.

        :param str kind: of the message, see ``b2b2c_notification_kind``
        :param people: ``b2b2c.member``
        :param get_key: function of a member: what the message is about, once
        :param get_details: function of a member and this challenge in the language of
            the member: the words of the moment, a dict; ``None``: nothing to tell
        """
        self.ensure_one()
        if not self.program_id.notify:
            return self.env["b2b2c.notification"]
        rows = []
        for member in people:
            words = self.with_context(lang=member.lang or self.env.lang)
            details = get_details(member, words)
            if details is None:
                continue
            rows.append(
                {
                    "kind": kind,
                    "key": f"{self._name},{self.id}/{get_key(member)}",
                    "member_id": member._get_survivor().id,
                    "document_name": words.name,
                    "res_model": self._name,
                    "res_id": self.id,
                    "details": {"challenge": words.name, **details},
                }
            )
        told = self.env["b2b2c.notification"]._tell(rows)
        for channel in self.env["b2b2c.channel"]._get_live():
            channel._announce_to_members(told)
        return told

    def _get_start_details(self):
        """Return what a message of the start tells, in the reader's language."""
        prizes = ", ".join(
            prize._get_text()
            for prize in self.prize_ids.sorted(lambda one: (one.place_from, one.id))
        )
        sentences = [self.env._("To win: %s.", prizes)]
        days = {"first": word_day(self.env, self.first_day)}
        if self.last_day:
            days["last"] = word_day(self.env, self.last_day)
            sentences.append(self.env._("From %(first)s to %(last)s.", **days))
        else:
            sentences.append(self.env._("From %(first)s on.", **days))
        if self.is_opt_in:
            sentences.append(self.env._("Take it on to take part."))
        return {"sentences": sentences}
