from urllib.parse import urlencode

from odoo.addons.loyalty_b2b2c.engine import to_decimal
from odoo.addons.loyalty_b2b2c.models.rewards.circumstances import Circumstances

from .. import addresses
from . import membership, pictures, words
from .shelf import ORDERS, PER_PAGE, Asked

#: How the fields of answers begin in a form.
ANSWER = "answer_"


class Store:
    """The pages on which a participant finds what points can be spent on.

    What may be had, and for how much, is decided by ``b2b2c.reward._get_offers``; what
    is found by ``_get_catalogue``; here it is worded.

    :param members: the memberships of a person
    :param preview: the membership whose storefront somebody of the office looks at:
        links stay in the preview, nothing can be requested
    """

    def __init__(self, members, preview=None):
        self.members, self.env = members, members.env
        self.preview = preview
        self.known = Circumstances(members)
        self.person = members.partner_id[:1]

    def has_anything(self):
        """Tell whether the person can, or could, have something for points."""
        rewards, requests = self.env["b2b2c.reward"], self.env["b2b2c.redemption"]
        return bool(
            rewards.search_count(rewards._get_shown(self.known), limit=1)
            or requests.search_count([("member_id", "in", self.members.ids)], limit=1)
        )

    # === REWARDS AND OFFERS === #

    def get_reward(self, reward_id):
        """Return the reward with an id, empty when it is not offered to the person."""
        rewards = self.env["b2b2c.reward"]
        return rewards.search([("id", "=", reward_id), *rewards._get_shown(self.known)])

    def get_seen_reward(self, reward_id):
        """Return a reward that is offered to the person, or was requested before."""
        requested = [
            ("member_id", "in", self.members.ids),
            ("reward_id", "=", reward_id),
        ]
        return (
            self.get_reward(reward_id)
            or self.env["b2b2c.redemption"].search(requested, limit=1).reward_id
        )

    def get_offers(self, reward, **wanted):
        """Return what a reward would be for each of the memberships that sees it.

        :param wanted: how much of it, see ``b2b2c.reward._get_offer``
        :return: tuple of offers, the one to propose first
        """
        return next(reward._get_offers(self.known, **wanted))

    # === THE CATALOGUE === #

    def catalogue(self, asked):
        """Return a page of the catalogue in words.

        :param asked: the :class:`~.shelf.Asked` of the address
        :return: dict of what the template prints
        """
        favourites = self.env["b2b2c.reward.favourite"]._get_of(self.person)
        page, has_more = self.env["b2b2c.reward"]._get_catalogue(
            self.known, asked.to_shelf(favourites), offset=asked.offset, limit=PER_PAGE
        )
        rewards = self.env["b2b2c.reward"].union(*(row[0].reward for row in page))
        seen = pictures.find(rewards)
        rows = [self._get_card(offers[0], seen, favourites, asked) for offers in page]
        return {
            "asked": asked,
            "query": asked.to_query(),
            "rows": rows,
            "purses": self.purses(),
            "chips": self._get_chips(asked, favourites),
            "orders": self._get_orders(),
            "action": self.path(),
            "reset_url": self.path(),
            "more_url": has_more and self.path(asked.but(page=asked.page + 1)),
            "newer_url": asked.page > 1 and self.path(asked.but(page=asked.page - 1)),
            "is_paused": {row["refusal"] for row in rows} == {"suspended"},
            "preview": self.get_preview(),
        }

    def path(self, asked=None):
        """Return the path of the catalogue.

        :param asked: the :class:`~.shelf.Asked` it should show
        """
        query = asked.to_query() if asked else {}
        if self.preview:
            page, who = self._get_previewed()
            return addresses.path(page, **who, **query)
        return addresses.path("store", **query)

    def reward_path(self, reward):
        """Return the path of the page of a reward."""
        if self.preview:
            page, who = self._get_previewed()
            return addresses.path(f"{page}_reward", **who, reward=reward.id)
        return addresses.path("reward", reward=reward.id)

    def _get_previewed(self):
        """Return the page of the preview, and whose it is: a participant, or somebody
        who is not there, in a role."""
        if self.preview.id:
            return "preview", {"member": self.preview.id}
        return "preview_role", {"role": self.preview.role}

    def purses(self):
        """Return what the person can spend, per unit of the rewards.

        :return: list of dict with the keys ``points`` and ``worth``, texts
        """
        units = self.env["b2b2c.reward"]._get_shown_values(self.known, "unit_id")
        purses = []
        for unit in units:
            spenders = self.members.filtered(
                lambda member, unit=unit: (
                    member.state != "merged" and unit in member.account_ids.unit_id
                )
            )
            balances = [self.known.get_balance(member, unit) for member in spenders]
            for balance in balances or [0]:
                points, company = max(balance, 0), self.members.company_id[:1]
                purses.append(
                    {
                        "points": unit._format(points),
                        "worth": unit._word_worth(points, company) if points else "",
                    }
                )
        return purses

    def _get_chips(self, asked, favourites):
        """Return what the catalogue can be narrowed to with one tap."""
        env = self.env
        is_all = not (asked.category or asked.is_favourite or asked.is_now)
        everything = {"category": None, "is_favourite": False, "is_now": False}
        chips = [
            (env._("All"), "", "", is_all, everything),
            (env._("I can have now"), "fa-check", "", asked.is_now,
             {"is_now": not asked.is_now}),
        ]  # fmt: skip
        if favourites or asked.is_favourite:
            changes = {"is_favourite": not asked.is_favourite}
            is_on = asked.is_favourite
            chips.append((env._("Favourites"), "fa-heart", "", is_on, changes))
        categories = self._get_categories()
        found = pictures.find(categories)
        for category in categories:
            is_on = category.id == asked.category
            changes = {"category": None if is_on else category.id}
            picture = pictures.of_category(category, found, is_open=not self.preview)
            chips.append((category.name, "", picture, is_on, changes))
        return [
            {
                "label": label,
                "icon": icon,
                "picture": picture,
                "is_on": is_on,
                "url": self.path(asked.but(**changes)),
            }
            for label, icon, picture, is_on, changes in chips
        ]

    def _get_categories(self):
        """Return the categories of what the person sees, in the order people read."""
        return self.env["b2b2c.reward"]._get_shown_values(self.known, "category_id")

    def get_category(self, category_id):
        """Return a category of what the person sees, empty when it is none."""
        return self._get_categories().filtered(lambda one: one.id == category_id)

    def _get_orders(self):
        """Return what the catalogue can be sorted by: pairs of value and label."""
        env = self.env
        labels = (env._("Recommended"), env._("Price"), env._("Newest"))
        return list(zip(ORDERS, labels, strict=True))

    def get_preview(self):
        """Return whose storefront somebody of the office sees, in words."""
        if not self.preview:
            return None
        if not self.preview.id:
            return {
                "name": self.env._("Somebody new"),
                "who": self.preview._get_role_label(),
            }
        return {
            "name": self.preview.name,
            "who": membership.title(self.preview),
        }

    # === ONE REWARD === #

    def _get_card(self, offer, seen, favourites, asked=None):
        """Return an offer in words, as the catalogue shows it.

        :param seen: ids of the rewards that have a picture
        :param favourites: ids of the person's favourites
        :param asked: what of the catalogue is shown, ``None`` on the reward's own page
        """
        reward, favourite_url = offer.reward, ""
        if not self.preview:
            there = asked.to_query() if asked else {"back": "reward"}
            page, query = addresses.path("reward", reward=reward.id), urlencode(there)
            favourite_url = f"{page}/favourite?{query}"
        return {
            "id": reward.id,
            "name": reward.name,
            "url": self.reward_path(reward),
            "image": pictures.row(reward, seen, is_open=not self.preview),
            "price": _get_price(offer),
            "worth": _get_worth(offer),
            "badges": _get_badges(offer),
            "is_favourite": reward.id in favourites,
            "favourite_url": favourite_url,
            "refusal": offer.refusal,
            "missing": _get_missing(offer),
            "sentence": offer.sentence,
            "progress": offer.progress,
        }

    def row(self, offer):
        """Return an offer in words, for the pages of its reward."""
        env, reward, unit = self.env, offer.reward, offer.reward.unit_id
        favourites = env["b2b2c.reward.favourite"]._get_of(self.person)
        return {
            **self._get_card(offer, pictures.find(reward), favourites),
            "category": reward.category_id.name or "",
            "category_url": reward.category_id
            and self.path(Asked(category=reward.category_id.id)),
            "description": reward.description,
            "facts": self._get_facts(offer),
            "is_chosen": reward.price_kind == "chosen",
            "is_free": reward.price_kind == "free",
            "is_instant": reward._get_handler()._is_instant(reward),
            "is_counted": reward.price_kind == "fixed",
            "amounts": reward._word_amounts(),
            "least": _plain(reward.points),
            "most": _plain(reward.points_most) if reward.points_most else "",
            "step": _plain(reward.points_step) if reward.points_step else "any",
            "points": _plain(offer.price),
            "quantity": offer.quantity,
            "total": unit._format(offer.total) if offer.total else env._("nothing"),
            "total_worth": unit._word_worth(offer.total, reward.company_id),
            "left": unit._format(offer.left),
            **self.choice(offer),
        }

    def choice(self, offer):
        """Return whose points a reward would be paid with, in words."""
        return {
            "member": offer.member.id,
            "who": membership.title(offer.member),
            "available": offer.reward.unit_id._format(offer.available),
            "refusal": offer.refusal,
        }

    def _get_facts(self, offer):
        """Return what there is to know about a reward: pairs of label and text."""
        env, reward = self.env, offer.reward
        left = reward._count_left()
        facts = [(env._("How you get it"), reward._get_handler()._word_giving(reward))]
        if left is not None:
            text = env._("%s left", left) if left else env._("None left")
            facts.append((env._("In stock"), text))
        if reward.member_limit:
            periods = dict(reward._fields["limit_period"]._description_selection(env))
            text = f"{reward.member_limit} {periods[reward.limit_period].lower()}"
            facts.append((env._("For each person"), text))
        if reward.date_to:
            facts.append((env._("Offered until"), words.day(env, reward.date_to)))
        return [(label, text) for label, text in facts if text]


def question_rows(offer, answers):
    """Return what the participant has to answer, with what was answered so far.

    :param dict answers: name of a question -> text
    """
    handler = offer.reward._get_handler()
    return [
        {
            "name": question.name,
            "field": f"{ANSWER}{question.name}",
            "label": question.label,
            "type": {"phone": "tel", "email": "email"}.get(question.kind, "text"),
            "options": question.options,
            "value": answers.get(question.name, question.value),
            "help": question.help,
            "is_required": question.is_required,
        }
        for question in handler._get_questions(offer)
    ]


def read_answers(form):
    """Return the answers in what a form sent: name of a question -> text."""
    return {
        name.removeprefix(ANSWER): text
        for name, text in form.items()
        if name.startswith(ANSWER)
    }


def _get_price(offer):
    """Return what one piece takes, in words."""
    reward, unit = offer.reward, offer.reward.unit_id
    if reward.price_kind == "free":
        return reward.env._("Free")
    if reward.price_kind == "chosen":
        return reward.env._("from %s", unit._format(reward.points))
    return unit._format(offer.price)


def _plain(points):
    """Return points as the value of a form's field, without needless zeros."""
    return f"{to_decimal(points).normalize():f}"


def _get_worth(offer):
    """Return what the price of one piece is worth, in words; empty where nothing is
    said about it."""
    reward = offer.reward
    if reward.price_kind != "fixed":
        return ""
    return reward.unit_id._word_worth(offer.price, reward.company_id)


def _get_badges(offer):
    """Return what catches the eye: list of dict with ``label`` and ``tone``."""
    env, reward = offer.reward.env, offer.reward
    left = reward._count_left()
    if left == 0 or offer.refusal == "sold_out":
        return [{"label": env._("Sold out"), "tone": "out"}]
    badges = []
    if reward._is_new():
        badges.append({"label": env._("New"), "tone": "new"})
    if reward._has_few():
        badges.append({"label": env._("Only %s left", left), "tone": "few"})
    return badges


def _get_missing(offer):
    """Return how much more the participant needs, in words; empty when nothing."""
    if not offer.missing:
        return ""
    points = offer.reward.unit_id._format(offer.missing)
    return offer.reward.env._("You need %s more", points)
