from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.loyalty_b2b2c.models.messages.b2b2c_channel import NotDelivered

from ..commands.clerk import KEY_PREFIX
from ..dialog.messages import Reply

_lt = LazyTranslate(__name__)

#: Kinds of messages that the answer to a scan says itself.
_ANSWERED = ("credited", "pending")


class B2b2cChannel(models.AbstractModel):
    _inherit = "b2b2c.channel"

    @api.model
    def _get_channel_models(self):
        return [*super()._get_channel_models(), "b2b2c.channel.chat"]


class B2b2cChannelChat(models.AbstractModel):
    """The chat a participant linked: messages come where he scans anyway."""

    _name = "b2b2c.channel.chat"
    _description = "Messages in a Chat"
    _inherit = "b2b2c.channel"

    _code = "chat"
    _label = _lt("Chat")
    _phrase = _lt("in the chat")
    _missing = _lt("You have not linked a chat yet.")

    def _find_link(self, partner, company=None):
        """Return the chat a person is written to in: where he wrote last.

        :param company: of the message; ``None``: whichever
        """
        domain = [
            ("partner_id", "in", partner.ids),
            ("state", "=", "active"),
            ("channel_id.state", "=", "active"),
        ]
        if company:
            domain.append(("company_id", "=", company.id))
        return self.env["b2b2c.chat.link"].sudo().search(domain, limit=1)

    def _get_address(self, partner):
        return self._find_link(partner).display_name or ""

    def _can_reach(self, member):
        return bool(self._find_link(member.partner_id, member.company_id))

    def _get_missing(self, partner):
        """Say also what happens where news reach nobody who did not write lately."""
        link = self._find_link(partner)
        if not link or link._get_template():
            return super()._get_missing(partner)
        hours = link.channel_id._get_abilities().window_hours
        if not hours:
            return ""
        return self.env._(
            "%(messenger)s lets us write within %(hours)s hours after you wrote "
            "there; later our news come to you by e-mail or SMS.",
            messenger=link.channel_id._get_messenger_class().label,
            hours=round(hours),
        )

    def _get_recipient(self, message):
        link = self._find_link(message.partner_id, message.company_id)
        return link.display_name if link and self._can_carry(link, message) else ""

    def _can_carry(self, link, message):
        """Tell whether a message may go there now.

        A one-time code may not: it would stand in the thread.
        """
        if message._get_kind().secret_minutes:
            return False
        return link._is_open() or bool(link._get_template())

    def _send(self, message):
        if all(map(_was_told, message.part_ids or message)):
            return None
        link = self._find_link(message.partner_id, message.company_id)
        if not self._can_carry(link, message):
            raise NotDelivered(self.env._("The person did not write there lately."))
        text = self._get_text(message)
        name = link._get_template()
        return link._say(
            [Reply(text)],
            key=f"message{message.id}",
            origin="message",
            template=(name, (text,)) if name else None,
        )[:1]

    def _get_text(self, message):
        """Return the words of the kind; of a secret its own."""
        kind = message._get_kind()
        if kind.short_text:
            return kind.short_text(message)
        return message.message_text

    def _withdraw(self, records):
        records.exists().unlink()


def _was_told(message):
    """Tell whether the chat said it already: the answer to somebody's own scan."""
    entry = message.entry_id
    claim = message.env["b2b2c.claim"].sudo()
    if message.kind not in _ANSWERED or entry.document_model != claim._name:
        return False
    claim = claim.browse(entry.document_id).exists()
    key = claim.request_key or ""
    is_own = claim.submitter_id.partner_id == message.member_id.partner_id
    return is_own and claim.kind == "scan" and key.startswith(KEY_PREFIX)
