from odoo import api, models


class B2b2cLateTicket(models.AbstractModel):
    """Tickets that people name afterwards as theirs: the card was forgotten at home.

    An add-on that knows tickets, as that of the till, extends these methods.  The
    ticket itself then earns as if the card had been shown, so goods that come back
    later are taken back as always.
    """

    _name = "b2b2c.late.ticket"
    _description = "Ticket Named Afterwards"

    @api.model
    def _is_offered(self, members):
        """Tell whether these participants can name tickets.

        :param members: ``b2b2c.member`` in force of one person
        """
        return False

    @api.model
    def _name_ticket(self, members, number, day, total):
        """Let a ticket be a participant's, once.

        What is wrong, unknown, somebody else's or too old gets the same answer.

        :param members: ``b2b2c.member`` in force of one person
        :param str number: as it stands on the ticket
        :param day: its ``datetime.date``
        :param total: what was paid, a Decimal
        :return: ``(sentence, whether it was credited)``
        """
        return self.env._("No ticket can be named here."), False
