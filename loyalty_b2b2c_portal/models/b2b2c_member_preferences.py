from odoo import models


class B2b2cMember(models.Model):
    """What a person chooses on the portal, for all own memberships at once."""

    # a file of its own: the overview is another concern
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "b2b2c.member"

    def _get_portal_preferences(self):
        """Return the preferences of a person over all memberships.

        :return: dict with ``channels`` (code, name in the form, label, whether wanted,
            what is missing to use it), ``topics`` (label, and the same for each
            channel), ``often`` (value, label, chosen), ``summary`` and ``lang``
        """
        person = self.partner_id[:1]
        channels = self.env["b2b2c.channel"]._get_sending()
        topics = self.env["b2b2c.notification.kind"]._get_topic_selection()
        often = self[:1].notify_digest
        choices = self._fields["notify_digest"]._description_selection(self.env)
        wanted = self._get_wanted_by_any()
        return {
            "channels": [
                {
                    "code": code,
                    "name": _get_input_name(code),
                    "label": _capitalize(channel._get_phrase()),
                    "wanted": (code, "") in wanted,
                    "missing": channel._get_missing(person),
                }
                for code, channel in channels.items()
            ],
            "topics": [
                {
                    "label": label,
                    "choices": [
                        {
                            "code": code,
                            "name": _get_input_name(code, topic),
                            "label": channel._get_label(),
                            "wanted": (code, topic) in wanted,
                        }
                        for code, channel in channels.items()
                    ],
                }
                for topic, label in topics
            ],
            "often": [(value, label, value == often) for value, label in choices],
            "summary": self._get_portal_summary(wanted, dict(choices).get(often)),
            "lang": person.lang,
        }

    def _get_wanted_by_any(self):
        """Return the wishes that are on for one of these memberships."""
        wishes = (member._get_wishes() for member in self)
        return {key for one in wishes for key, wanted in one.items() if wanted}

    def _get_portal_summary(self, wanted, often):
        """Return the choice in a few words: "By e-mail and by SMS. Once a day."

        :param wanted: set of (channel, topic)
        :param str often: the label of the choice
        """
        phrases = [
            channel._get_phrase()
            for code, channel in self.env["b2b2c.channel"]._get_sending().items()
            if (code, "") in wanted
        ]
        if not phrases:
            return self.env._("Switched off.")
        return self.env._(
            "%(channels)s. %(often)s.",
            channels=_capitalize(self.env._(" and ").join(phrases)),
            often=often,
        )

    def _set_portal_preferences(self, form, *, lang):
        """Store a person's own preferences on all memberships of that person.

        :param dict form: the posted form; a switch that is off is missing in it
        :param lang: code of an installed language; anything else changes nothing
        """
        self._set_wishes(
            {
                (code, topic): bool(form.get(_get_input_name(code, topic)))
                for code, topic in self._get_default_wishes()
            }
        )
        if form.get("notify_digest") in dict(self._fields["notify_digest"].selection):
            self.write({"notify_digest": form["notify_digest"]})
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        if lang in installed:
            self.partner_id.write({"lang": lang})


def _get_input_name(code, topic=""):
    """Return the name of the switch of a wish in the form."""
    return f"notify_{code}_{topic}" if topic else f"notify_{code}"


def _capitalize(text):
    """Return a text that begins a sentence."""
    return text[:1].upper() + text[1:]
