import base64
import hashlib

from odoo.addons.loyalty_b2b2c_portal.pages.card import CardPage

from .commands import Commands

WORDS = {
    "show": lambda env, p: env._("🔳 My code"),
    "caption": lambda env, p: env._(
        "%(company)s\n%(text)s\nShow this code at the counter.",
        company=p["company"],
        text=p["text"],
    ),
    "none": lambda env, p: env._("You do not take part at the moment."),
}


class CardCommands(Commands):
    """The own code as a picture."""

    flow = "card"
    words = WORDS

    def offers(self):
        return ("show",) if self.submitters else ()

    def show(self):
        """Return the cards: ``company``, ``name``, ``text``, ``picture`` (PNG), and
        what the picture shows (``key``), in which the code cannot be read."""
        return [
            {
                "company": card["company"],
                "name": card["name"],
                "text": card["text"],
                "picture": base64.b64decode(card["square"].partition(",")[2]),
                "key": f"card-{hashlib.sha256(card['text'].encode()).hexdigest()[:32]}",
            }
            for card in CardPage(self.submitters).cards()
        ]
