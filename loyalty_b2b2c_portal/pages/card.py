class CardPage:
    """The card a participant shows at a till: one per company.

    The pictures are part of the page: once it is open it needs no network.

    :param members: memberships in force of the logged-in person
    """

    def __init__(self, members):
        self.members = members

    def cards(self):
        """Return the cards.

        :return: list of dict with the keys ``id``, ``company``, ``name``, ``text``,
            ``square``, ``bars`` (pictures) and ``has_phone``
        """
        return [
            self._get_card(members)
            for members in self.members.grouped("company_id").values()
        ]

    def find(self, text):
        """Return the membership whose card this is, empty for anybody else's."""
        return self.members.filtered(lambda member: str(member.id) == text)[:1]

    def _get_card(self, members):
        buying = members.filtered(lambda member: member._buys_anywhere())
        member = (buying or members)[0]
        return {
            "id": member.id,
            "company": member.company_id.name,
            "name": member.name,
            "text": member._get_card_text(),
            "square": member._get_card_picture("QR", 640, 640),
            "bars": member._get_card_picture("Code128", 900, 160),
            "has_phone": bool(member.phone),
        }


class LateTickets:
    """Tickets a participant names as his, because the card was not with him.

    :param members: memberships in force of the logged-in person
    """

    def __init__(self, members):
        self.members = members
        self.tickets = members.env["b2b2c.late.ticket"].sudo()

    def are_offered(self):
        """Tell whether there are tickets to name."""
        return bool(self.members) and self.tickets._is_offered(self.members)

    def name(self, number, day, total):
        """Let a ticket be this person's.

        :return: ``(sentence, whether it was credited)``
        """
        return self.tickets._name_ticket(self.members, number, day, total)
