from . import pictures, words

#: State of a request -> tone of Bootstrap.
_TONES = {
    "requested": "warning",
    "fulfilled": "success",
    "refused": "danger",
    "returned": "danger",
}


class Requests:
    """What a person requested for points, and what became of it.

    :param members: the memberships of the person
    """

    def __init__(self, members):
        self.members, self.env = members, members.env

    def count(self):
        """Return how many requests the person sent."""
        return self.env["b2b2c.redemption"].search_count(self._get_domain())

    def count_open(self):
        """Return how many requests the person still waits for."""
        domain = [*self._get_domain(), ("state", "=", "requested")]
        return self.env["b2b2c.redemption"].search_count(domain)

    def rows(self, offset, limit):
        """Return a page of the requests, newest first, see :func:`request_row`."""
        requests = self._search(offset=offset, limit=limit)
        found = pictures.find(requests.reward_id)
        return [request_row(request, found) for request in requests]

    def get(self, request_id):
        """Return a request of the person, empty when it is somebody else's."""
        return self._search([("id", "=", request_id)])

    def row(self, request_id):
        """Return a request of the person in words, ``None`` when there is none."""
        request = self.get(request_id) if request_id else None
        if not request:
            return None
        return request_row(request, pictures.find(request.reward_id))

    def _search(self, domain=(), **options):
        domain = [*self._get_domain(), *domain]
        return self.env["b2b2c.redemption"].search(domain, **options)

    def _get_domain(self):
        return [("member_id", "in", self.members.ids)]


def request_row(request, found):
    """Return a request in words; what is special about its kind of reward is said by
    the handler (``b2b2c.reward.handler``).

    :param found: ids of the rewards that have a picture
    """
    description = request._describe()
    return {
        "id": request.id,
        "number": request.name,
        "title": description.title,
        "quantity": request.quantity,
        "image": pictures.row(request.reward_id, found),
        "points": (
            request.account_id.unit_id._format(request.points) if request.points else ""
        ),
        "status": description.status or _get_state(request, request.state),
        "tone": _TONES.get(request.state, "secondary"),
        "steps": _get_steps(request, description),
        "lines": description.lines,
        "code": description.code,
        "picture": description.picture,
        "next_step": description.next_step,
        "next_url": description.next_url,
        "is_fulfilled": request.state == "fulfilled",
        "can_cancel": request.state == "requested" and request._may_cancel(),
    }


def _get_steps(request, description):
    """Return what happened to a request, and what it waits for.

    :return: list of dict with the keys ``label``, ``day`` (empty for what is still to
        come) and ``tone``
    """
    env = request.env
    sent = {
        "label": _get_state(request, "requested"),
        "day": words.day(env, request.requested_at),
        "tone": "done",
    }
    if request.state == "requested":
        label = description.status or env._("Waits for us")
        return [sent, {"label": label, "day": "", "tone": "open"}]
    decided = {
        "label": description.status or _get_state(request, request.state),
        "day": words.day(env, request.decided_at),
        "tone": "done" if request.state == "fulfilled" else "ended",
    }
    return [sent, decided]


def _get_state(request, state):
    """Return a state of requests in the reader's language."""
    return dict(request._fields["state"]._description_selection(request.env))[state]
