import base64

from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.loyalty_b2b2c.engine import to_decimal
from odoo.addons.loyalty_b2b2c.models.rewards.b2b2c_reward_catalogue import Shelf
from odoo.addons.loyalty_b2b2c.values import shown
from odoo.addons.loyalty_b2b2c_portal.pages.requests import Requests
from odoo.addons.loyalty_b2b2c_portal.pages.store import Store, question_rows

from .commands import Commands, find_id

#: Rewards, and requests, of a message.
_PER_PAGE, _REQUESTS = 6, 4
_MAX_TEXT = 600
#: Kinds of rewards with which money leaves the company: never by a button alone.
_MONEY = ("payout",)


def _word_shown(env, p):
    return env._("You can spend %(purses)s.\n\n%(rows)s", **p)


WORDS = {
    "list": lambda env, p: env._("🎁 Rewards"),
    "more": lambda env, p: env._("More ▸"),
    "shown": _word_shown,
    "none": lambda env, p: env._("There is nothing to choose from at the moment."),
    "gone": lambda env, p: env._("This is not offered any more."),
    "open_page": lambda env, p: env._("Open the page"),
    "on_page": lambda env, p: env._(
        "So much is requested on your page, where you are signed in."
    ),
    "begin": lambda env, p: env._("🎁 I want this"),
    "choose_one": lambda env, p: env._("Please press one of the buttons."),
    "keep": lambda env, p: env._("As it is"),
    "skip": lambda env, p: env._("Leave it empty"),
    "cancel": lambda env, p: env._("✖ No"),
    "ask_confirm": lambda env, p: env._(
        "“%(name)s” for %(total)s? You have %(left)s left then.",
        name=p["name"],
        total=p["total"],
        left=p["left"],
    ),
    "yes": lambda env, p: env._("✅ Yes, request it"),
    "requested": lambda env, p: env._("Requested!"),
    "cancelled": lambda env, p: env._("Nothing was requested."),
    "requests": lambda env, p: env._("📦 My requests"),
    "no_requests": lambda env, p: env._("You have not requested anything yet."),
    "code": lambda env, p: env._("Code: %s", p["code"]),
    "take_back": lambda env, p: env._("↩ Take it back"),
    "taken_back": lambda env, p: env._("Taken back; the points are yours again."),
}


class RewardsCommands(Commands):
    """Rewards, offered and requested as on the pages of the store."""

    flow = "rewards"
    words = WORDS

    def offers(self):
        if not self.members or not Store(self.members).has_anything():
            return ()
        return ("list", "requests")

    # === SEEING === #

    def list(self, page):
        """Return a page of the rewards.

        :param str page: its number from 1; anything else is the first
        :return: dict with ``rows``, ``purses`` (texts) and ``older``: the next page
        """
        number, store = max(find_id(page), 1), Store(self.members)
        found, has_more = self.env["b2b2c.reward"]._get_catalogue(
            store.known, Shelf(), offset=(number - 1) * _PER_PAGE, limit=_PER_PAGE
        )
        return {
            "rows": [self._get_row(store, offers[0]) for offers in found],
            "purses": [purse["points"] for purse in store.purses()],
            "older": number + 1 if has_more else None,
        }

    def look(self, reward):
        """Return a reward in words, ``None`` when it is not offered to the person."""
        found = self._find(reward)
        return self._get_row(*found) if found else None

    def _find(self, reward):
        """Return ``(store, offer)`` of a reward that is offered, else ``None``."""
        store = Store(self.members)
        one = store.get_reward(find_id(str(reward)))
        return (store, store.get_offers(one)[0]) if one else None

    def _get_row(self, store, offer):
        row = store.row(offer)
        text = html2plaintext(row["description"] or "").strip()
        return {
            "id": row["id"],
            "name": row["name"],
            "price": row["price"],
            "worth": row["worth"],
            "points": row["points"],
            "total": row["total"],
            "left": row["left"],
            "missing": row["missing"],
            "refusal_text": row["sentence"] if row["refusal"] else "",
            "facts": row["facts"],
            "text": text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}…",
            "is_for_page": self._is_for_page(offer),
            "url": self.company.get_base_url() + row["url"],
        }

    def _is_for_page(self, offer):
        """Tell whether the person has to be signed in for it: amounts that one chooses,
        money that leaves the company, and what is worth more than may be paid without a
        proof."""
        reward = offer.reward
        if reward.price_kind == "chosen" or reward.kind in _MONEY:
            return True
        company = reward.company_id.sudo()
        limit = company.b2b2c_spend_proof_above
        value, currency = reward.unit_id._get_face_value(company)
        if not limit or not value:
            return False
        worth = shown(to_decimal(offer.total) * value)
        return currency.compare_amounts(worth, limit) > 0

    # === REQUESTING === #

    def questions(self, reward):
        """Return what has to be answered first, ``None``: it is not offered."""
        found = self._find(reward)
        if not found or self._is_for_page(found[1]):
            return None
        return [
            {
                "name": row["name"],
                "label": row["label"],
                "options": [list(option) for option in row["options"]],
                "value": row["value"] or "",
                "help": row["help"] or "",
                "is_required": row["is_required"],
            }
            for row in question_rows(found[1], {})
        ]

    def request(self, reward, answers, price, key):
        """Reserve points for a reward and return the request in words.

        :param price: points the person agreed to
        :raise UserError: it is not offered, or not here
        """
        found = self._find(reward)
        if not found or self._is_for_page(found[1]):
            raise UserError(WORDS["gone"](self.env, {}))
        offer = found[1]
        request = self.env["b2b2c.redemption"]._request(
            offer.member,
            offer.reward,
            request_key=self.clerk.get_key(key),
            price=price or None,
            answers=answers,
        )
        return self._get_request(Requests(self.members).row(request.id))

    def requests(self):
        """Return the latest requests in words."""
        rows = Requests(self.members).rows(0, _REQUESTS)
        return [self._get_request(row) for row in rows]

    def take_back(self, request):
        """Take a request back; ``None``: it is none of the person's."""
        own = Requests(self.members)
        found = own.get(find_id(request))
        if not found:
            return None
        found._cancel(self.link.partner_id.user_ids[:1] or self.env.user)
        return self._get_request(own.row(found.id))

    def _get_request(self, row):
        base, picture = self.company.get_base_url(), row["picture"]
        is_drawn = picture.startswith("data:image/png;base64,")
        url = row["next_url"] or ""
        return {
            **{
                name: row[name] or ""
                for name in ("id", "number", "title", "points", "status", "code")
            },
            "lines": [*row["lines"]],
            "next_step": row["next_step"] or "",
            "next_url": f"{base}{url}" if url.startswith("/") else url,
            "picture": base64.b64decode(picture.partition(",")[2]) if is_drawn else b"",
            "can_cancel": row["can_cancel"],
        }
