from . import membership, words


class OwnData:
    """The page on which a person decides about the own data.

    :param members: the memberships of the person
    """

    def __init__(self, members):
        self.members, self.env = members, members.env

    def rows(self):
        """Return the memberships that can be ended: dict with ``id`` and ``title``."""
        going_on = self.members.filtered(
            lambda member: member.state in ("enrolled", "suspended")
        )
        return [
            {"id": member.id, "title": membership.title(member)} for member in going_on
        ]

    def asked_on(self):
        """Return the day the person asked to be forgotten, empty if never."""
        asked = self.members.filtered("erasure_asked_at")[:1].erasure_asked_at
        return words.day(self.env, asked) if asked else ""

    def left(self):
        """Return what would be lost with the data, a text per account."""
        return [
            account.unit_id._format(account.balance_available)
            for account in membership.accounts(self.members)
            if account.balance_available
        ]
