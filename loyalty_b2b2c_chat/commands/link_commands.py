from odoo.addons.loyalty_b2b2c.models.people.addresses import get_initials

from .commands import Commands

WORDS = {
    "ask": lambda env, p: env._(
        "Connect this chat with %(person)s of %(place)s?\n"
        "Press “Yes” only if this is you: whoever writes here then sees these points "
        "and registers for this person.",
        person=p["person"],
        place=p["place"],
    ),
    "ask_other": lambda env, p: env._(
        "This chat is connected already. Connect it with %(person)s of %(place)s "
        "instead? Press “Yes” only if this is you.",
        person=p["person"],
        place=p["place"],
    ),
    "yes": lambda env, p: env._("✅ Yes, this is me"),
    "no": lambda env, p: env._("✖ No"),
    "void": lambda env, p: env._(
        "This link is not valid any more: each works once, for ten minutes. Open your "
        "page and make a new one."
    ),
    "done": lambda env, p: env._(
        "Done: this chat is yours now, %(person)s. What would you like to do?",
        person=p["person"],
    ),
    "not_linked": lambda env, p: env._("Nothing was connected."),
    "stop": lambda env, p: env._("🔕 Stop"),
    "ask_stop": lambda env, p: env._(
        "I can stop writing to you by myself; when you ask, I still answer. Or I can "
        "forget that this chat is yours."
    ),
    "mute": lambda env, p: env._("🔕 No messages any more"),
    "cut": lambda env, p: env._("Disconnect this chat"),
    "keep": lambda env, p: env._("Leave it as it is"),
    "muted": lambda env, p: env._(
        "I do not write by myself any more. You can turn that on again under "
        "“Settings”."
    ),
    "cut_done": lambda env, p: env._(
        "This chat is not connected with you any more. What was written stays in your "
        "messenger until you delete the chat."
    ),
}


class LinkCommands(Commands):
    """Whose chat it is."""

    flow = "link"
    words = WORDS

    def look(self, token):
        """Return whom a one-time link is for: ``person`` and ``place`` as far as a
        stranger may know, ``None`` for a link that is void."""
        key = self.env["b2b2c.chat.key"]._find(self.link.channel_id, token)
        return self._tell_person(key.partner_id, get_initials) if key else None

    def bind(self, token):
        """Connect the chat with whom the link is for; ``None``: it is void."""
        partner = self.env["b2b2c.chat.key"]._use(self.link, token)
        if not partner:
            return None
        self.clerk.speak_anew()
        self.env["b2b2c.chat.dialog"]._after_linking(self.link)
        return self._tell_person(partner, str)

    def mute(self):
        """Write no messages of our own any more over chats."""
        self.members._set_wishes({("chat", ""): False})

    def cut(self):
        """Forget whose chat it is."""
        self.link._unbind()
        self.clerk.speak_anew()

    def _tell_person(self, partner, word_name):
        members = self.env["b2b2c.member"]._get_portal_members(partner)
        place = members[:1].employer_id.name or self.company.name
        return {"person": word_name(partner.name or ""), "place": place}
