"""A participant who links a chat and talks in it."""

import hashlib

from ..commands.clerk import Clerk
from ..pages.chats import Chats
from .chat_common import ChatCommon
from .fake_messenger import Parrot


class DialogCommon(ChatCommon):
    """A person's chat is ``"77"`` once it is linked."""

    def tearDown(self):
        failed = self.env["b2b2c.chat.inbox"].search([("state", "=", "failed")])
        self.assertEqual(failed.mapped("reason"), [])
        super().tearDown()

    def _connect(self, member, user="77"):
        """Link a chat as the portal does, and return what was said last."""
        said = self._come_in(kind="start", text=self._get_start(member), user=user)
        return self._press(said[-1], "✅ Yes, this is me", user=user)

    def _get_start(self, member):
        """Return what the one-time link of somebody carries."""
        chats = Chats(member.partner_id, member.sudo())
        started = chats.begin(str(self.channel.id))
        return started["url"].partition("?start=")[2]

    def _say(self, text="", **values):
        """Say something and return the texts of the answers, joined."""
        return "\n".join(self._get_texts(self._come_in(text, **values)))

    def _send_photo(self, content=b"photo", **values):
        """Send a photo; return the answers, those of the slow work too."""
        reference = hashlib.sha256(content).hexdigest()
        Parrot.files[reference] = content
        file = {"reference": reference, "size": len(content)}
        said = self._come_in(kind="photo", files=[file], **values)
        return said + self._sweep()

    def _give(self, commands, user="77"):
        """Return the commands of a flow for a chat, as the dialog gives them.

        :param commands: class of ``Commands``
        """
        flows = self.env["b2b2c.chat.dialog"]._get_flows()
        link = ChatCommon._get_link(self, user)._for_reader()
        return commands(Clerk(link, [one for _flow, one in flows]))

    def _get_labels(self, message):
        """Return what stands on the buttons of a message."""
        return [button.label for row in message.reply.buttons for button in row]
