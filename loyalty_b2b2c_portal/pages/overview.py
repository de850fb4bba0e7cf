from odoo.addons.loyalty_b2b2c.models.base.code_picture import draw_code
from odoo.addons.loyalty_b2b2c.models.people.member_code import PREFIX, shown_code

from . import membership
from .accounts import AccountCards
from .tiles import Tiles

_CODE_SIZE = 480  # pixels of the picture, sharp on a phone
MOVEMENTS = 5  # of each account


class Overview:
    """The page a participant begins with: memberships, balances, own codes.

    :param members: the memberships of a person, see
        ``b2b2c.member._get_portal_members``
    """

    def __init__(self, members):
        self.members, self.env = members, members.env

    def memberships(self):
        """Return the memberships with their accounts.

        :return: list of dict with the keys ``title``, ``state``, ``note``, ``cards``
        """
        cards = {
            card["account"].id: card
            for card in AccountCards(membership.accounts(self.members)).rows(
                movements=MOVEMENTS
            )
        }
        return [
            {
                "title": membership.title(member),
                "state": member.state,
                "note": membership.note(member),
                "cards": [cards[account.id] for account in member.account_ids],
            }
            for member in self.members
            if member.state != "merged" or member.account_ids
        ]

    def summary(self):
        """Return what the person has, and whether somebody waits, in a few words."""
        accounts = membership.accounts(self.members)
        texts = [
            account.unit_id._format(account.balance_available) for account in accounts
        ]
        waiting = Tiles(self.members).waiting()
        if waiting:
            texts.append(self.env._("Want to join: %s", waiting))
        return " · ".join(texts)

    def codes(self):
        """Return the code the person shows at a counter, one per company.

        The picture is part of the page: it is there without a connection too.

        :return: list of dict with the keys ``company``, ``text``, ``picture``
        """
        enrolled = self.members.filtered(lambda member: member.state == "enrolled")
        return [
            {
                "company": members.company_id.name,
                "text": shown_code(members[0].code),
                "picture": self._get_picture(members[0]),
            }
            for members in enrolled.grouped("company_id").values()
        ]

    def _get_picture(self, member):
        """Return the QR code of a participant as the address of a picture."""
        return draw_code(self.env, f"{PREFIX}{member.code}", _CODE_SIZE)
