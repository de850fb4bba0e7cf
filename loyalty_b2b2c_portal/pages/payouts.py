from . import words


class Payouts:
    """The page on which a participant confirms that it is really him who wants money.

    How that is confirmed is decided by ``b2b2c.payout``; here it is worded.

    :param members: the memberships of a person
    :param user: ``res.users`` who is signed in
    """

    def __init__(self, members, user):
        self.members, self.user, self.env = members, user, members.env

    def get_payout(self, payout_id):
        """Return a payout of the person, empty when it is somebody else's."""
        return self.env["b2b2c.payout"].search(
            [("id", "=", payout_id), ("member_id", "in", self.members.ids)]
        )

    def row(self, payout):
        """Return a payout in words, and how it is confirmed."""
        way = payout._get_proof(self.user)
        return {
            "id": payout.id,
            "number": payout.name,
            "amount": payout._word_amount(),
            "account": payout.account_text,
            "holder": payout.holder,
            "day": words.moment(self.env, payout.requested_at),
            "is_waiting": payout.state == "requested",
            "way": way,
            "address": payout._get_shown_address() if way == "code" else "",
            "has_code": way == "code" and payout._has_code(),
        }
