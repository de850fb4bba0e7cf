from odoo.addons.loyalty_b2b2c_portal.pages.preferences import Preferences

from .commands import Commands

WORDS = {
    "show": lambda env, p: env._("⚙️ Settings"),
    "now": lambda env, p: env._("How I write to you: %s", p["summary"]),
    "on": lambda env, p: env._("✅ %s: on", p["label"]),
    "off": lambda env, p: env._("⬜ %s: off", p["label"]),
    "often": lambda env, p: env._("🕗 How often"),
    "languages": lambda env, p: env._("🌐 Language"),
    "open_page": lambda env, p: env._("About what: on my page"),
    "ask_often": lambda env, p: env._("How often shall there be messages?"),
    "ask_language": lambda env, p: env._("Which language shall I speak?"),
}


class PrefsCommands(Commands):
    """Wishes about messages, as on the page of preferences."""

    flow = "prefs"
    words = WORDS

    def offers(self):
        several = len(self.env["res.lang"].get_installed()) > 1
        return ("show", "languages") if several else ("show",)

    def get(self):
        """Return ``summary``, ``channels``, ``often`` and the ``url`` of the page."""
        page = Preferences(self.members)
        values = page.values()
        return {
            "summary": page.summary(),
            "channels": values["channels"],
            "often": values["often"],
            "url": self.company._get_rewards_url("preferences"),
        }

    def switch(self, code):
        """Turn a channel on or off.

        :param str code: of the channel; anything else changes nothing
        """
        wanted = {one["code"]: one["wanted"] for one in self.get()["channels"]}
        if code in wanted:
            self.members._set_wishes({(code, ""): not wanted[code]})

    def set_often(self, value):
        """Choose how often there are messages; anything else changes nothing."""
        if value in {one for one, _label, _chosen in self.get()["often"]}:
            self.members.write({"notify_digest": value})

    def languages(self):
        """Return the installed languages: list of (code, name, whether chosen)."""
        spoken = self.link._get_lang()
        installed = self.env["res.lang"].get_installed()
        return [(code, name, code == spoken) for code, name in installed]

    def set_language(self, code):
        """Speak another language; anything else changes nothing."""
        if code not in {one for one, _name in self.env["res.lang"].get_installed()}:
            return
        self.link.lang = code
        if self.clerk.is_known:
            self.link.partner_id.lang = code
        self.clerk.speak_anew()
