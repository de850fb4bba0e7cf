"""A channel that an add-on brings: all of it is in this file."""

from odoo import api, models

from ...models.messages.b2b2c_channel import Later, NotDelivered


class B2b2cChannel(models.AbstractModel):
    """Adds the pigeons, and a board on which somebody may look, to the channels."""

    _inherit = "b2b2c.channel"
    _module = None

    @api.model
    def _get_channel_models(self):
        return [
            *super()._get_channel_models(),
            "b2b2c.channel.pigeon",
            "b2b2c.channel.board",
        ]


class B2b2cChannelPigeon(models.AbstractModel):
    """Pigeons: they know a person by the reference of the contact.

    What they do next is planned in ``answers``, what they brought is in ``brought``.
    """

    _name = "b2b2c.channel.pigeon"
    _description = "Messages by Pigeon"
    _inherit = ["b2b2c.channel"]
    _module = None

    _code = "pigeon"
    _label = "Pigeon"
    _phrase = "by pigeon"
    _missing = "No pigeon knows you yet."

    answers = []  # exceptions to raise, ``None``: bring it; nothing left: bring all
    brought = []  # (address, text)

    def _get_address(self, partner):
        return partner.ref or ""

    def _send(self, message):
        error = self.answers.pop(0) if self.answers else None
        if error:
            raise error
        self.brought.append((self._get_recipient(message), message.message_text))
        # a record stands for the row of a queue
        values = {"name": message.headline}
        return message.env["res.partner.category"].sudo().create(values)

    def _after_failure(self, message, error):
        if isinstance(error, NotDelivered):
            message.partner_id.ref = False  # the pigeon does not find the house

    def _withdraw(self, records):
        records.exists().unlink()


class B2b2cChannelBoard(models.AbstractModel):
    """A board: it shows messages about accounts the moment they are queued."""

    _name = "b2b2c.channel.board"
    _description = "Messages on a Board"
    _inherit = ["b2b2c.channel"]
    _module = None

    _code = "board"
    _label = "Board"
    _phrase = "on the board"
    _is_live = True

    shown = []  # (message id, account id)

    def _announce(self, messages):
        self.shown.extend(messages)


DEFINITIONS = (B2b2cChannel, B2b2cChannelPigeon, B2b2cChannelBoard)


def later(seconds, **options):
    """Return the answer of a channel that is busy."""
    return Later(seconds, "Too many letters", **options)
