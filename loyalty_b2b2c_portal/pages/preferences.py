class Preferences:
    """What a person wants to be told, over all own memberships at once.

    :param members: the memberships of the person
    """

    def __init__(self, members):
        self.members, self.env = members, members.env
        #: Channel code -> its model, of the channels that send.
        self.channels = self.env["b2b2c.channel"]._get_sending()

    def values(self):
        """Return what the page shows.

        :return: dict with ``channels`` (code, name in the form, label, whether wanted,
            what is missing to use it), ``topics`` (label, and the same for each
            channel), ``often`` (value, label, chosen), ``lang`` and ``unproved``: the
            addresses nobody is found by yet
        """
        person = self.members.partner_id[:1]
        topics = self.env["b2b2c.notification.kind"]._get_topic_selection()
        often = self.members[:1].notify_digest
        wanted = self._get_wanted()
        return {
            "channels": [
                {
                    "code": code,
                    "name": _get_input_name(code),
                    "label": _capitalize(channel._get_phrase()),
                    "wanted": (code, "") in wanted,
                    "missing": channel._get_missing(person),
                }
                for code, channel in self.channels.items()
            ],
            "topics": [
                {"label": label, "choices": self._get_choices(topic, wanted)}
                for topic, label in topics
            ],
            "often": [
                (value, label, value == often)
                for value, label in self._get_digests().items()
            ],
            "lang": person.lang,
            "unproved": self.members[:1].unproved,
        }

    def summary(self):
        """Return the choice in a few words: "By e-mail and by SMS. Once a day."."""
        wanted = self._get_wanted()
        phrases = [
            channel._get_phrase()
            for code, channel in self.channels.items()
            if (code, "") in wanted
        ]
        if not phrases:
            return self.env._("Switched off.")
        return self.env._(
            "%(channels)s. %(often)s.",
            channels=_capitalize(self.env._(" and ").join(phrases)),
            often=self._get_digests().get(self.members[:1].notify_digest),
        )

    def save(self, form, *, lang):
        """Store what the person chose, on all memberships.

        :param dict form: the posted form; a switch that is off is missing in it
        :param lang: code of an installed language; anything else changes nothing
        """
        self.members._set_wishes(
            {
                (code, topic): bool(form.get(_get_input_name(code, topic)))
                for code, topic in self.members._get_default_wishes()
            }
        )
        if form.get("notify_digest") in self._get_digests():
            self.members.write({"notify_digest": form["notify_digest"]})
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        if lang in installed:
            self.members.partner_id.write({"lang": lang})

    def _get_wanted(self):
        """Return the wishes that are on for a membership, as (channel, topic)."""
        return {
            key
            for member in self.members
            for key, is_wanted in member._get_wishes().items()
            if is_wanted
        }

    def _get_choices(self, topic, wanted):
        """Return the switches of a topic, one per channel."""
        return [
            {
                "code": code,
                "name": _get_input_name(code, topic),
                "label": channel._get_label(),
                "wanted": (code, topic) in wanted,
            }
            for code, channel in self.channels.items()
        ]

    def _get_digests(self):
        """Return how often there can be messages, value -> label."""
        field = self.members._fields["notify_digest"]
        return dict(field._description_selection(self.env))


def _get_input_name(code, topic=""):
    """Return the name of the switch of a wish in the form."""
    return f"notify_{code}_{topic}" if topic else f"notify_{code}"


def _capitalize(text):
    """Return a text that begins a sentence."""
    return text[:1].upper() + text[1:]
