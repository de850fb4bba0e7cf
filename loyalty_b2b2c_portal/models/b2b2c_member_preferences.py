from odoo import models

_CHANNELS = ("notify_email", "notify_sms")


class B2b2cMember(models.Model):
    """What a person chooses on the portal, for all own memberships at once."""

    # a file of its own: the overview is another concern
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "b2b2c.member"

    def _get_portal_preferences(self):
        """Return the preferences of a person over all memberships.

        :return: dict with the channels, ``kinds`` (name, label, value), ``often``
            (value, label, chosen), ``summary`` and what is known of the person
        """
        person = self.partner_id[:1]
        often = self[:1].notify_digest
        choices = self._fields["notify_digest"]._description_selection(self.env)
        values = {name: any(self.mapped(name)) for name in _CHANNELS}
        return {
            **values,
            "kinds": [
                (
                    name,
                    self._fields[name]._description_string(self.env),
                    any(self.mapped(name)),
                )
                for name in self._get_topic_fields()
            ],
            "often": [(value, label, value == often) for value, label in choices],
            "summary": self._get_portal_summary(values, dict(choices).get(often)),
            "lang": person.lang,
            "has_phone": bool(person.phone),
            "has_email": bool(person.email),
        }

    def _get_topic_fields(self):
        topics = self.env["b2b2c.notification.kind"]._get_topics()
        return [f"notify_{topic}" for topic in topics]

    def _get_portal_summary(self, channels, often):
        """Return the choice in a few words: "By e-mail and SMS, once a day"."""
        by_email, by_sms = (channels[name] for name in _CHANNELS)
        if by_email and by_sms:
            return self.env._("By e-mail and SMS. %s.", often)
        if by_email:
            return self.env._("By e-mail. %s.", often)
        if by_sms:
            return self.env._("By SMS. %s.", often)
        return self.env._("Switched off.")

    def _set_portal_preferences(self, form, *, lang):
        """Store a person's own preferences on all memberships of that person.

        :param dict form: the posted form; a switch that is off is missing in it
        :param lang: code of an installed language; anything else changes nothing
        """
        values = {
            name: bool(form.get(name))
            for name in (*_CHANNELS, *self._get_topic_fields())
        }
        if form.get("notify_digest") in dict(self._fields["notify_digest"].selection):
            values["notify_digest"] = form["notify_digest"]
        self.write(values)
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        if lang in installed:
            self.partner_id.write({"lang": lang})
