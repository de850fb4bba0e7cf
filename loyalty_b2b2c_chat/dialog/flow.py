"""What a conversation consists of: flows, their steps, and what can always be asked.

A flow is one thing that people do in the chat: scanning, the balance, joining.  It is
one file of ``dialog/flows`` that ends with a :class:`Flow`, and one file of
``commands`` that carries its commands out on Odoo and has its words;
``b2b2c.chat.dialog`` lists them.  A step is a question that waits for an answer; an
action is what a button, a word or a link asks for at any moment.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


class Declined(Exception):
    """A command is declined; the text is for the person. Nothing was changed."""


def _nothing(turn):
    """Make nothing of a message."""
    return False


@dataclass(frozen=True, kw_only=True)
class Step:
    """A question that waits for an answer.

    All functions take a :class:`~.turn.Turn`.

    :param ask: function that says what is asked, with the buttons that answer it
    :param takes: dict, kind of incoming -> function that takes such an answer; of
        everything else the engine says that it is no answer, and asks again
    :param presses: dict, name -> function: buttons that work while the step is asked
        only; an older one is told so
    """

    ask: Callable
    takes: dict = field(default_factory=dict)
    presses: dict = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Action:
    """What can be asked for at any moment, by a button, a word or a command.

    :param do: function of a turn; ``turn.value`` is what the button is about
    :param label: code of the words on its button
    :param typed: words that ask for it too, besides those on the button: ``"/balance"``
        and ``"balance"`` are one
    :param menu: its place in the menu, 0: it does not stand there
    :param is_open: nobody needs to be known for it
    """

    do: Callable
    label: str = ""
    typed: tuple = ()
    menu: int = 0
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One thing that people do in the chat.

    :param name: what its steps, actions and commands are called by:
        ``"scan"`` + ``"code"`` is ``"scan.code"``
    :param steps: dict name -> :class:`Step`
    :param actions: dict name -> :class:`Action`
    :param links: dict, how what a link carries begins -> function of a turn;
        ``turn.value`` is what stands behind
    :param notices: function of a turn that makes something of a message nobody asked
        for; it returns whether it did
    :param goes_on: dict, name of a step of slow work -> function of a turn
    """

    name: str
    steps: dict = field(default_factory=dict)
    actions: dict = field(default_factory=dict)
    links: dict = field(default_factory=dict)
    notices: Callable = _nothing
    goes_on: dict = field(default_factory=dict)
