from odoo import models


class B2b2cNotification(models.Model):
    """A message that the chat cannot bring now goes out over another channel.

    Some messengers take free text for a day after the person wrote; and a one-time code
    goes into no chat.
    """

    _inherit = "b2b2c.notification"

    def _get_refusal(self, channel):
        ask = super()._get_refusal
        refusal = ask(channel)
        if refusal != "off" or channel._code == "chat" or not self._misses_chat(ask):
            return refusal
        others = self.env["b2b2c.channel"]._get_sending()
        others = [other for other in others.values() if other._code != "chat"]
        if not all(map(ask, others)):
            return refusal  # something that is wanted brings it
        return "" if channel == self._get_stand_in(others) else refusal

    def _misses_chat(self, ask):
        """Tell whether this message is wanted in a chat that cannot bring it now.

        :param ask: function that returns why it does not go out over a channel
        """
        if not self.member_id or self.channel or self._get_kind().channels:
            return False
        chat = self.env["b2b2c.channel.chat"]
        return ask(chat) == "no_address" and chat._can_reach(self.member_id)

    def _get_stand_in(self, channels):
        """Return the first channel that reaches the person and brings such messages."""
        wishes, topic = self.member_id._get_wishes(), self._get_kind().topic
        for channel in channels:
            is_declined = not wishes.get((channel._code, topic), True)
            if not is_declined and channel._get_recipient(self):
                return channel
        return None
