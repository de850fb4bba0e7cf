import hashlib

from odoo.tools import html2plaintext

from odoo.addons.loyalty_b2b2c_portal.pages.recommend import Recommend

from .commands import Commands, find_id

_QR_SIZE = 600
_PAPER = "a4"
#: Ways to pass a link on that are a tap away in a chat.
_WAYS = 4

WORDS = {
    "show": lambda env, p: env._("🤝 Recommend"),
    "begin": lambda env, p: env._("🤝 Get my code"),
    "none": lambda env, p: env._("There is nothing to recommend at the moment."),
    "kit": lambda env, p: env._(
        "%(title)s\nYour code: %(code)s\n%(url)s\n"
        "Seen: %(seen)s · named: %(used)s · bought: %(bought)s",
        title=p["title"],
        code=p["code"],
        url=p["url"],
        seen=p["figures"]["seen"],
        used=p["figures"]["used"],
        bought=p["figures"]["bought"],
    ),
    "ask_agree": lambda env, p: env._("%s\n\nDo you agree?", p["text"]),
    "yes": lambda env, p: env._("✅ I agree"),
    "no": lambda env, p: env._("✖ Not now"),
    "declined": lambda env, p: env._("Nobody recommends without agreeing."),
    "poster": lambda env, p: env._("🖼 Poster to print"),
    "drawing": lambda env, p: env._("I am drawing the poster…"),
    "print": lambda env, p: env._("Print it, or pass it on."),
}


class RecommendCommands(Commands):
    """Recommending, as on its page."""

    flow = "recommend"
    words = WORDS

    @property
    def page(self):
        """What the portal shows of it."""
        return Recommend(self.submitters)

    def offers(self):
        return ("show",) if self.submitters and self.page.has_anything() else ()

    def list(self):
        """Return what the person may recommend, see ``Recommend.offers``."""
        return [self._get_offer(offer) for offer in self.page.offers()]

    def look(self, key):
        """Return one offer, ``None``: there is none.

        :param str key: ids of membership and campaign, ``"3-7"``
        """
        return next((one for one in self.list() if one["key"] == key), None)

    def begin(self, key, agreed):
        """Give the person a code.

        :param agreed: id of the terms that were agreed to
        """
        member, _dash, campaign = key.partition("-")
        self.page.begin(member, campaign, str(agreed))

    def draw(self, link):
        """Return a poster: ``name`` and ``content``; ``None``: it is none of the
        person's."""
        own = self.page.find(find_id(link))
        if not own:
            return None
        return {"name": f"{own.code}.pdf", "content": own._draw_poster(_PAPER)}

    def _get_offer(self, offer):
        terms = offer["agreement"]
        return {
            "key": f"{offer['member']}-{offer['campaign']}",
            "title": offer["title"],
            "terms": "\n".join(offer["terms"]),
            "paid": [line for line in offer["paid"] if line],
            "agreement": {
                "id": terms.id,
                "text": html2plaintext(terms.body or "").strip(),
            }
            if terms
            else None,
            "kit": self._get_kit(offer["kit"]) if offer["kit"] else None,
        }

    def _get_kit(self, kit):
        code = hashlib.sha256(kit["url"].encode()).hexdigest()[:32]
        reports = self.env["ir.actions.report"]
        ways = [
            {"label": way["label"], "href": way["href"]}
            for way in kit["ways"]
            if way["href"].startswith("https://")
        ]
        return {
            **{name: kit[name] for name in ("id", "code", "url", "message", "figures")},
            "picture": reports.barcode(
                "QR", kit["url"], width=_QR_SIZE, height=_QR_SIZE, barLevel="M"
            ),
            "picture_key": f"recommend-{code}",
            "ways": ways[:_WAYS],
        }
