"""What the dialog asks of whoever carries its commands out."""

from typing import Protocol


class World(Protocol):
    """Carries out what somebody in a chat asked for, and has the words.

    The dialog knows no database: it gets and gives plain values.

    :ivar bool is_known: somebody linked the chat with a person
    """

    is_known: bool

    def word(self, code, /, **params):
        """Return words in the person's language.

        :param str code: ``"scan.ask"``
        :param params: figures and names in them
        """

    def do(self, command, /, **values):
        """Carry out ``"scan.take"`` and return plain values.

        :raise Declined: nothing was changed; its text is for the person
        """

    def offers(self, flow):
        """Return the names of the actions of a flow that are of use to the person."""
