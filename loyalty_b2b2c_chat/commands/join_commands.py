from odoo.tools import html2plaintext

from odoo.addons.loyalty_b2b2c.models.joining.join_input import (
    JoinInput,
    clean,
    is_name,
    read_input,
)
from odoo.addons.loyalty_b2b2c.models.sharing.referral_visit import write_visit
from odoo.addons.loyalty_b2b2c_portal.pages.recommended import RecommendedPage

from .commands import Commands

_MAX_NAME = 100


def _word_invited(env, p):
    lines = [
        env._(
            "%(company)s invites you: %(role)s at %(employer)s.",
            company=p["company"],
            role=p["role"],
            employer=p["employer"],
        )
    ]
    if p["programs"]:
        lines.append(env._("You take part in: %s.", p["programs"]))
    return "\n".join(lines)


WORDS = {
    "explain_button": lambda env, p: env._("🤝 I want to join"),
    "explain": lambda env, p: env._(
        "Somebody who runs the program, or the owner of your shop, has an invitation: "
        "a link or a code to scan. Open it, and we go on from there."
    ),
    "none": lambda env, p: env._(
        "There is no such invitation any more. Ask for a new one where you got it."
    ),
    "invited": _word_invited,
    "ask_consent": lambda env, p: env._(
        "%(text)s\n(Version %(version)s)\n\nDo you agree?",
        text=p["text"],
        version=p["version"],
    ),
    "agree": lambda env, p: env._("✅ I agree"),
    "cancel": lambda env, p: env._("✖ Not now"),
    "cancelled": lambda env, p: env._(
        "Nothing was stored. Open the invitation again whenever you like."
    ),
    "ask_name": lambda env, p: env._("What are your first and last name?"),
    "ask_address": lambda env, p: env._(
        "What is your phone number, or your e-mail address? I send a code there, to be "
        "sure that it is yours."
    ),
    "or_share": lambda env, p: env._("Or share the number of this phone:"),
    "share": lambda env, p: env._("📱 Share my number"),
    "other_contact": lambda env, p: env._("This is not your own number."),
    "ask_code": lambda env, p: env._(
        "I sent a code to %s. Type it here.", p["address"]
    ),
    "again": lambda env, p: env._("Send a new code"),
    "change": lambda env, p: env._("Another address"),
    "joined": lambda env, p: env._(
        "Welcome! You take part now: %(role)s at %(employer)s.\n"
        "Send me a code or a receipt, or press a button.",
        role=p["role"],
        employer=p["employer"],
    ),
    "waiting": lambda env, p: env._(
        "Thank you. Somebody has to agree that you take part; you get a message."
    ),
    "look": lambda env, p: env._("Did somebody agree?"),
    "refused": lambda env, p: env._("Your request to join was refused."),
    "taken": lambda env, p: env._(
        "Somebody else takes part with this address. Ask who invited you."
    ),
    "closed": lambda env, p: env._(
        "There is no such invitation any more. Ask for a new one where you got it."
    ),
    "code": lambda env, p: env._("Open the invitation again, please."),
    "no_recommendation": lambda env, p: env._("This recommendation is over."),
    "recommended": lambda env, p: "\n".join(
        filter(None, (p["title"], p["by"], p["offer"], p["terms"]))
    ),
    "open_offer": lambda env, p: env._("Use the recommendation"),
    "join_now": lambda env, p: env._("🤝 Join here"),
}


class JoinCommands(Commands):
    """Joining, by the machinery of the portal's pages."""

    flow = "join"
    words = WORDS

    def offers(self):
        return () if self.clerk.is_known else ("explain",)

    # === THE INVITATION === #

    def look(self, token):
        """Return what an invitation says, ``None`` when it cannot be used."""
        invitation = self._find(token)
        if not invitation:
            return None
        text = self.env["b2b2c.consent.text"]._get_current(invitation.company_id)
        text = text.with_env(self.env).sudo()
        return {
            "company": invitation.company_id.name,
            "employer": invitation.employer_id.name,
            "role": invitation.with_env(self.env)._get_role_label(),
            "programs": ", ".join(
                invitation.program_ids.with_env(self.env).mapped("name")
            ),
            "text": html2plaintext(text.body or "").strip(),
            "version": text.version,
        }

    def _find(self, token):
        """Return the invitation of a link that can be used in this channel."""
        invitation = self.env["b2b2c.invitation"]._find(token)
        is_ours = invitation.company_id == self.company
        is_open = is_ours and invitation._get_state() == "active"
        return invitation if is_open else invitation.browse()

    def join_known(self, token):
        """Let the person of the chat join: nothing is left to prove."""
        invitation, partner = self._find(token), self.link.partner_id
        if not invitation:
            return {"state": "closed"}
        joining = self._start(invitation, JoinInput(partner.name), partner)
        joining._finish()
        return self._tell(joining)

    # === WHO === #

    def guess_name(self, name):
        """Return what somebody is called in the messenger, if it may be a name."""
        name = clean(name, _MAX_NAME)
        return name if is_name(name) and " " in name else ""

    def check_name(self, name):
        """Return what is wrong with a name, empty: nothing."""
        if is_name(clean(name, _MAX_NAME)):
            return ""
        return self.env._("Enter your first and last name.")

    def start(self, token, name, address, visit):
        """Begin to join and send a code.

        :param str visit: what was recommended, see :meth:`look_recommended`
        :return: ``problem`` in words, ``join`` (id) and ``shown``, where the code went
        """
        invitation = self._find(token)
        if not invitation:
            return {"problem": WORDS["none"](self.env, {})}
        typed = {"name": name, "email" if "@" in address else "phone": address}
        country = invitation.employer_id.country_id or self.company.country_id
        person = read_input(self.env, typed, country)
        if person.problem:
            return {"problem": person.problem}
        joining = self._start(invitation, person)
        joining._take_visit(visit)
        problem = joining._send_code()
        if problem:
            joining.unlink()
            return {"problem": problem}
        return {
            "problem": "",
            "join": joining.id,
            "shown": joining._get_shown_address(),
        }

    def _start(self, invitation, person, partner=None):
        # what limits are counted by: a chat is as good as a home
        address = self.link._get_visitor()
        return self.env["b2b2c.join"]._start(
            invitation, person, lang=self.env.lang, address=address, partner=partner
        )

    def forget(self, join):
        """Forget who does not go on; the limits go on counting."""
        joining = self._get(join)
        if joining.state == "code":
            joining.unlink()

    # === PROOF === #

    def again(self, join):
        """Send a new code; return why not, empty: it is sent."""
        return self._get(join)._send_code()

    def check(self, join, code):
        """Take a code; return how it went, see :meth:`get`, and ``problem``."""
        joining = self._get(join)
        problem = joining._check_code(code)
        return {**self._tell(joining), "problem": problem}

    def get(self, join):
        """Return how far a request is: ``state``, ``join``, ``employer``, ``role``."""
        return self._tell(self._get(join))

    def _get(self, join):
        """Return the request that was begun in this chat.

        :param int join: id, as the dialog remembers it
        """
        return self.env["b2b2c.join"].sudo().browse(join).exists()

    def _tell(self, joining):
        """Return how far a request is; who joined has the chat from now on."""
        if not joining:
            return {"state": "code", "problem": ""}
        if joining.state == "joined" and joining.partner_id != self.link.partner_id:
            self.link._bind(joining.partner_id, "invitation")
            self.clerk.speak_anew()
            is_new = joining.member_id.create_date >= joining.create_date
            self.env["b2b2c.chat.dialog"]._after_linking(self.link, is_told=not is_new)
        return {
            "state": joining.state,
            "join": joining.id,
            "employer": joining.employer_id.name,
            "role": joining.with_env(self.env)._get_role_label(),
            "problem": "",
        }

    # === SOMEBODY RECOMMENDS === #

    def open_recommended(self, code):
        """Count that somebody opened a recommendation here: a chat once a day.

        :return: whether it can be used
        """
        link = self._find_recommended(code)
        if link:
            self.env["b2b2c.referral.touch"]._touch(
                link,
                "chat",
                way=self.link.channel_id.kind,
                visitor=self.link._get_visitor(),
                partner=self.link.partner_id,
            )
        return bool(link)

    def look_recommended(self, code):
        """Return what a recommendation says, ``None`` when it cannot be used.

        :return: ``title``, ``by``, ``offer``, ``terms``, ``url`` of its page, ``token``
            of the invitation with which one joins (possibly none), and ``visit``: that
            it was opened here, signed
        """
        link = self._find_recommended(code)
        if not link:
            return None
        page = RecommendedPage(link).values()
        invitation = link.campaign_id.invitation_id
        is_open = invitation and self._find(invitation.token)
        return {
            **{name: page[name] or "" for name in ("title", "by", "offer")},
            "terms": "\n".join(page["terms"]),
            "url": f"{link.url}?c={self.link.channel_id.kind}",
            "token": invitation.token if is_open else "",
            "visit": write_visit(link),
        }

    def _find_recommended(self, code):
        """Return the link of a code, empty when it cannot be used."""
        links = self.env["b2b2c.referral.link"]
        found = links._find(code, self.company, asker=f"chat:{self.link.id}")
        return found.link.with_env(self.env)
