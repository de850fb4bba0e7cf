from odoo.tools import format_datetime

from .. import addresses
from . import membership

#: State of a request -> tone of Bootstrap.
_TONES = {
    "requested": "warning",
    "fulfilled": "success",
    "refused": "danger",
    "returned": "danger",
}

#: How the fields of answers begin in a form.
ANSWER = "answer_"


class Store:
    """The pages on which a participant spends points.

    What may be had, and for how much, is decided by ``b2b2c.reward._get_offer``; here
    it is worded.

    :param members: the memberships of a person
    """

    def __init__(self, members):
        self.members, self.env = members, members.env

    def has_anything(self):
        """Tell whether the person can, or could, have something for points."""
        return bool(self.get_rewards()) or bool(self._search_requests(limit=1))

    # === THE CATALOGUE === #

    def get_rewards(self):
        """Return the rewards that are offered to one of these memberships."""
        rewards = self.env["b2b2c.reward"].search(
            [("company_id", "in", self.members.company_id.ids)]
        )
        return rewards.filtered(
            lambda reward: any(reward._is_for(member) for member in self.members)
        )

    def get_reward(self, reward_id):
        """Return the reward with an id, empty when it is not offered to the person."""
        return self.get_rewards().filtered(lambda reward: reward.id == reward_id)

    def get_seen_reward(self, reward_id):
        """Return a reward that is offered to the person, or was requested before."""
        requested = [("reward_id", "=", reward_id)]
        return (
            self.get_reward(reward_id)
            or self._search_requests(requested, limit=1).reward_id
        )

    def get_offers(self, reward, **wanted):
        """Return what a reward would be for each of the memberships that sees it.

        :param wanted: how much of it, see ``b2b2c.reward._get_offer``
        :return: list of offers, the one to propose first
        """
        offers = [
            reward._get_offer(member, **wanted)
            for member in self.members
            if reward._is_for(member)
        ]
        return sorted(
            offers,
            key=lambda offer: (bool(offer.refusal), offer.missing, -offer.available),
        )

    def rows(self):
        """Return the catalogue, see :func:`offer_row`."""
        return [
            offer_row(reward, self.get_offers(reward)[0])
            for reward in self.get_rewards()
        ]

    def purses(self):
        """Return what the person can spend, a text per unit of the rewards."""
        purses = []
        for unit in self.get_rewards().unit_id:
            accounts = self.members.account_ids.filtered(
                lambda account, unit=unit: account.unit_id == unit
            )
            purses += [
                unit._format(account.balance_available)
                for account in accounts
                if account.member_id.state != "merged"
            ]
            if not accounts:
                purses.append(unit._format(0))
        return purses

    # === WHAT WAS REQUESTED === #

    def count_requests(self):
        """Return how many requests the person sent."""
        return self.env["b2b2c.redemption"].search_count(self._get_domain())

    def requests(self, offset, limit):
        """Return a page of the requests, newest first, see :func:`request_row`."""
        requests = self._search_requests(offset=offset, limit=limit)
        return [request_row(request) for request in requests]

    def get_request(self, request_id):
        """Return a request of the person, empty when it is somebody else's."""
        return self._search_requests([("id", "=", request_id)])

    def _search_requests(self, domain=(), **options):
        domain = [*self._get_domain(), *domain]
        return self.env["b2b2c.redemption"].search(domain, **options)

    def _get_domain(self):
        return [("member_id", "in", self.members.ids)]


def offer_row(reward, offer):
    """Return an offer in words, for the catalogue and its pages."""
    env, unit = reward.env, reward.unit_id
    return {
        "id": reward.id,
        "name": reward.name,
        "description": reward.description,
        "image": _get_image(reward),
        "price": _get_price(offer),
        "is_chosen": reward.price_kind == "chosen",
        "is_free": reward.price_kind == "free",
        "is_counted": reward.price_kind == "fixed",
        "amounts": reward._word_amounts(),
        "most": str(reward.points_most or ""),
        "step": str(reward.points_step or "any"),
        "points": str(offer.price),
        "quantity": offer.quantity,
        "total": unit._format(offer.total) if offer.total else env._("nothing"),
        "available": unit._format(offer.available),
        "left": unit._format(offer.left),
        "pieces": env._("%s left", reward.stock_left) if reward.is_limited else "",
        "refusal": offer.refusal,
        "missing": (
            env._("%s more", unit._format(offer.missing)) if offer.missing else ""
        ),
        "sentence": offer.sentence,
        "progress": offer.progress,
        "member": offer.member.id,
        "who": membership.title(offer.member),
    }


def _get_price(offer):
    """Return what one piece takes, in words."""
    reward, unit = offer.reward, offer.reward.unit_id
    if reward.price_kind == "free":
        return reward.env._("Free")
    if reward.price_kind == "chosen":
        return reward._word_amounts()
    return unit._format(offer.price)


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


def request_row(request):
    """Return a request in words; what is special about its kind of reward is said by
    the handler (``b2b2c.reward.handler``)."""
    description = request._describe()
    states = dict(request._fields["state"]._description_selection(request.env))
    return {
        "id": request.id,
        "number": request.name,
        "title": description.title,
        "quantity": request.quantity,
        "image": _get_image(request.reward_id),
        "day": format_datetime(request.env, request.requested_at, dt_format="short"),
        "points": (
            request.account_id.unit_id._format(request.points) if request.points else ""
        ),
        "status": description.status or states[request.state],
        "tone": _TONES.get(request.state, "secondary"),
        "lines": description.lines,
        "code": description.code,
        "picture": description.picture,
        "next_step": description.next_step,
        "next_url": description.next_url,
        "is_fulfilled": request.state == "fulfilled",
        "can_cancel": request.state == "requested" and request._may_cancel(),
    }


def _get_image(reward):
    """Return the address of a reward's picture, empty when there is none."""
    if not reward.image_128:
        return ""
    changed = int(reward.write_date.timestamp())
    return addresses.path("reward_image", reward=reward.id, v=changed)
