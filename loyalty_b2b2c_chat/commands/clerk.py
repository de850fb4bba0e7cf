import hashlib

from odoo.exceptions import AccessError, UserError

from ..dialog.flow import Declined
from ..messengers import Unavailable

#: How the keys of requests begin that came from a chat.
KEY_PREFIX = "chat-"
#: Of a photo.
MAX_BYTES = 10_000_000


class Clerk:
    """Carries out what the dialog asks for: its world, see ``dialog.world``.

    :param link: ``b2b2c.chat.link`` for its reader
    :param commands: classes of :class:`~.commands.Commands`
    """

    def __init__(self, link, commands):
        self.link = link
        self._commands = {one.flow: one(self) for one in commands}
        self._members = {}

    @property
    def is_known(self):
        """Whether the chat belongs to somebody who takes part."""
        return bool(self.members)

    @property
    def members(self):
        """The memberships of the person whose chat it is, with superuser rights."""
        partner = self.link.partner_id
        if partner not in self._members:
            members = self.link.env["b2b2c.member"]
            self._members[partner] = (
                members._get_portal_members(partner) if partner else members
            )
        return self._members[partner].with_env(self.link.env)

    def word(self, code, /, **params):
        """Return words of a flow in the person's language."""
        flow, _dot, name = code.partition(".")
        return self._commands[flow].words[name](self.link.env, params)

    def offers(self, flow):
        """Return the names of the actions of a flow that are of use to the person."""
        return self._commands[flow].offers()

    def do(self, command, /, **values):
        """Carry out a command; one that is declined changes nothing."""
        flow, _dot, name = command.partition(".")
        try:
            with self.link.env.cr.savepoint():
                return getattr(self._commands[flow], name)(**values)
        except AccessError:
            raise  # a fault of ours, not of the person
        except (UserError, Unavailable) as error:
            raise Declined(self._get_text(error)) from None

    def get_key(self, external_id):
        """Return by what a thing that came in is known everywhere here: a text that a
        claim takes as the key of its request.

        :param str external_id: the messenger's number of it
        """
        text = f"{self.link.channel_id.id}/{external_id}"
        return f"{KEY_PREFIX}{hashlib.sha256(text.encode()).hexdigest()[:40]}"

    def fetch(self, file, max_bytes=MAX_BYTES):
        """Return the content of a file that somebody sent.

        :param int max_bytes: what is said to be larger is not even asked for
        :raise Unavailable: too large, or gone
        """
        if file.size and file.size > max_bytes:
            raise Unavailable(is_too_large=True)
        return self.link.channel_id._fetch(file, max_bytes)

    def speak_anew(self):
        """Go on in the language and zone the person has now; and as who it is now."""
        self._members.clear()
        self.link = self.link._for_reader()

    def _get_text(self, error):
        """Return what is said about a command that was declined."""
        if not isinstance(error, Unavailable):
            return str(error)
        return self.word("home.too_large" if error.is_too_large else "home.file_gone")
