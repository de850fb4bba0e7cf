from odoo.addons.loyalty_b2b2c_portal.pages import membership
from odoo.addons.loyalty_b2b2c_portal.pages.goods import GoodsBook
from odoo.addons.loyalty_b2b2c_portal.pages.shop import Shop, Shops

from .commands import Commands, find_id

#: Deliveries of a message.
_DELIVERIES = 4


def _word_people(env, p):
    lines = [p["shop"]]
    lines += p["staff"] or [env._("Nobody works here yet.")]
    if p["goods"]:
        lines += ["", env._("Registered of what arrived:"), *p["goods"]]
    return "\n".join(lines)


def _word_person(env, p):
    if not p["month"]:
        return env._("• %(name)s, %(role)s", name=p["name"], role=p["role"])
    return env._(
        "• %(name)s, %(role)s: %(month)s in 30 days",
        name=p["name"],
        role=p["role"],
        month=p["month"],
    )


WORDS = {
    "goods": lambda env, p: env._("🚚 What arrived"),
    "staff": lambda env, p: env._("👥 My shop"),
    "older": lambda env, p: env._("Older ▸"),
    "none": lambda env, p: env._("This is for the owner of a shop."),
    "no_goods": lambda env, p: env._("Nothing has arrived yet."),
    "arrived": lambda env, p: env._("What arrived:\n\n%s", p["rows"]),
    "earned": lambda env, p: env._("Earned: %s", p["points"]),
    "earned_nothing": lambda env, p: env._("Earned: nothing yet"),
    "people": _word_people,
    "person": _word_person,
    "scanned": lambda env, p: env._(
        "• %(product)s: %(scanned)s of %(received)s",
        product=p["product"],
        scanned=p["scanned"],
        received=p["received"],
    ),
    "waiting": lambda env, p: env._(
        "%(name)s (%(address)s) wants to join since %(day)s.",
        name=p["name"],
        address=p["address"],
        day=p["day"],
    ),
    "approve": lambda env, p: env._("✅ Agree"),
    "refuse": lambda env, p: env._("✖ Refuse"),
    "approved": lambda env, p: env._("Agreed: the person takes part now."),
    "refused": lambda env, p: env._("Refused."),
    "invite": lambda env, p: env._("➕ Invite staff"),
    "invitation": lambda env, p: env._(
        "Pass this on to who works at %(shop)s, or let them scan the code:\n%(link)s\n"
        "In the chat: %(chat)s",
        shop=p["shop"],
        link=p["link"],
        chat=p["chat"],
    ),
}


class ShopCommands(Commands):
    """The shop of an owner, as on its pages."""

    flow = "shop"
    words = WORDS

    @property
    def owners(self):
        """The memberships as an owner."""
        return membership.owners(self.members)

    def offers(self):
        return ("goods", "staff") if self.owners else ()

    def goods(self, page):
        """Return deliveries to the shops: ``rows``, and ``older``, the next page.

        :param str page: its number from 1; anything else is the first
        """
        if not self.owners:
            return {"rows": [], "older": None}
        number = max(find_id(page), 1)
        offset = (number - 1) * _DELIVERIES
        rows = GoodsBook(self.owners).rows(offset, _DELIVERIES + 1)
        older = number + 1 if len(rows) > _DELIVERIES else None
        return {"rows": rows[:_DELIVERIES], "older": older}

    def staff(self):
        """Return the shops: who works there, who waits, what was registered."""
        return [
            {
                "owner": row["owner"].id,
                "shop": row["shop"],
                "waiting": row["waiting"],
                "staff": [
                    {name: one[name] for name in ("name", "role", "month")}
                    for one in row["staff"]
                ],
                "goods": row["goods"],
            }
            for row in Shops(self.owners).rows()
        ]

    def decide(self, request, approve):
        """Agree to, or refuse, somebody who waits for the owner."""
        Shops(self.owners).decide(find_id(request), approve)

    def invite(self, owner):
        """Return the invitation of a shop, made when it has none; ``None``: it is not
        the person's."""
        own = self.owners.filtered(lambda one: one.id == find_id(owner))
        if not own:
            return None
        invitation = Shop(own).create_invitation()
        return {
            "shop": own.employer_id.name,
            "link": invitation.link,
            "chat": self.link.channel_id._get_link(f"j_{invitation.token}"),
            "picture": invitation._get_qr_png(),
        }
