from odoo.addons.loyalty_b2b2c_portal.pages import membership
from odoo.addons.loyalty_b2b2c_portal.pages.accounts import AccountCards, Statement

from .commands import Commands, find_id

#: Movements of a message.
_ROWS = 6

WORDS = {
    "balance": lambda env, p: env._("💰 Balance"),
    "statement": lambda env, p: env._("🧾 Statement"),
    "statement_of": lambda env, p: env._(
        "🧾 Statement: %(title)s (%(unit)s)", title=p["title"], unit=p["unit"]
    ),
    "older": lambda env, p: env._("Older ▸"),
    "available": lambda env, p: env._("Available: %s", p["available"]),
    "pending": lambda env, p: env._("On the way: %s", p["pending"]),
    "held": lambda env, p: env._("Reserved: %s", p["held"]),
    "none": lambda env, p: env._("You have no points yet."),
    "no_rows": lambda env, p: env._("Nothing happened here yet."),
}


class PointsCommands(Commands):
    """Balance and statement, in the words of the portal's pages."""

    flow = "points"
    words = WORDS

    def offers(self):
        return ("balance", "statement")

    def balance(self):
        """Return the cards of all accounts, see ``AccountCards.rows``."""
        return [
            {**row, "id": row.pop("account").id}
            for row in AccountCards(membership.accounts(self.members)).rows()
        ]

    def statement(self, account):
        """Return the latest movements of an own account: ``title``, ``rows``,
        ``older``.

        :param str account: id; of anything else the first own one is meant
        """
        accounts = membership.accounts(self.members)
        return self._get_page(accounts, find_id(account))

    def older(self, entry):
        """Return the movements before an entry of an own account."""
        accounts = membership.accounts(self.members)
        domain = [("id", "=", find_id(entry)), ("account_id", "in", accounts.ids)]
        found = self.env["b2b2c.ledger.entry"].sudo().search(domain)
        return self._get_page(accounts, found.account_id.id, before=found.id)

    def _get_page(self, accounts, account_id, before=None):
        own = accounts.filtered(lambda one: one.id == account_id) or accounts[:1]
        if not own:
            return {"title": "", "rows": [], "older": None}
        rows, older = Statement(own).page(before=before, limit=_ROWS)
        return {"title": membership.title(own.member_id), "rows": rows, "older": older}
