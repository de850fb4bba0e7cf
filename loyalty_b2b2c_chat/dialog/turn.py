"""One thing a person did, and what is answered: what functions of flows are given."""

from dataclasses import dataclass, field, replace

from .messages import Attachment, Button, GoOn, Reply
from .typed import clean

#: Buttons of a message whose words are understood when somebody types them.
_REMEMBERED = 24
#: Stands between what a button is about and which asking of its step it belongs to.
MARK = "~"


@dataclass
class State:
    """Where the conversation of a chat is.

    :param str step: the question that waits for an answer, empty: none does
    :param dict data: what the flow of the step remembers, as JSON can hold it
    :param int asked: how often something was asked here; old buttons name an older one
    :param shown: the buttons of the last answer: lists of label, action, value
    """

    step: str = ""
    data: dict = field(default_factory=dict)
    asked: int = 0
    shown: list = field(default_factory=list)

    @classmethod
    def from_json(cls, values):
        """Return what :meth:`to_json` wrote; a new one for anything else."""
        if not isinstance(values, dict):
            return cls()
        return cls(**{k: v for k, v in values.items() if k in cls.__annotations__})

    def to_json(self):
        """Return it as JSON can hold it."""
        return dict(vars(self))


class Turn:
    """What a function of a flow knows, and what it says.

    :param dialog: :class:`~.engine.Dialog`
    :param world: whom commands are given to: see :class:`~.world.World`
    :param state: :class:`State`, changed in place
    :param incoming: :class:`~.messages.Incoming`
    """

    def __init__(self, dialog, world, state, incoming):
        self.dialog, self.world = dialog, world
        self.state, self.incoming = state, incoming
        self.text = clean(incoming.text)
        #: What the pressed button, or the link, is about.
        self.value = ""
        self.replies = []
        self.work = ""
        self.is_quiet = False

    @property
    def data(self):
        """What the flow remembers until its step is left."""
        return self.state.data

    # === SAYING === #

    def say(self, code, /, *buttons, **params):
        """Say words of a flow, with buttons below.

        :param str code: of the words, see :meth:`~.world.World.word`
        :param buttons: of :meth:`button` and its like; a list of them is one row
        """
        self.tell(self.world.word(code, **params), *buttons)

    def tell(self, text, *buttons, **reply):
        """Say a text that is worded already.

        :param reply: further values of :class:`~.messages.Reply`
        """
        rows = (row if isinstance(row, list) else [row] for row in buttons)
        shown = (tuple(filter(None, row)) for row in rows)
        self.replies.append(Reply(text, tuple(filter(None, shown)), **reply))

    def show(self, name, content, key="", text="", *buttons):
        """Send a picture.

        :param bytes content: PNG
        :param str key: what it shows, see :class:`~.messages.Attachment`
        """
        picture = Attachment(f"{name}.png", "image/png", content, key=key)
        self.tell(text, *buttons, attachment=picture)

    def send_file(self, name, mime, content, text=""):
        """Send a file.

        :param str name: with its suffix
        :param bytes content: of the file
        """
        self.tell(text, attachment=Attachment(name, mime, content))

    def add(self, *buttons):
        """Put one more row of buttons below what was said last."""
        last = self.replies[-1]
        row = tuple(filter(None, buttons))
        if row:
            self.replies[-1] = replace(last, buttons=(*last.buttons, row))

    def stay_quiet(self):
        """Say nothing: the same was answered just now, as to each photo of an album."""
        self.is_quiet = True

    # === BUTTONS === #

    def button(self, action, label="", value="", text="", once=False):
        """Return a button that asks for an action, at any time.

        :param str action: ``"points.balance"``
        :param str label: code of its words, those of the action by default
        :param str value: what it is about
        :param str text: its words, when they are worded already
        """
        label = label or self.dialog.actions[action].label
        return Button(text or self.world.word(label), action, str(value), once=once)

    def press(self, name, label="", value="", text=""):
        """Return a button of the step that is asked; it counts once, and only now.

        :param str name: of ``Step.presses``
        """
        flow, _dot, _step = self.state.step.partition(".")
        value = f"{value}{MARK}{self.state.asked}"
        words = text or self.world.word(label or f"{flow}.{name}")
        return Button(words, f"{flow}.{name}", value)

    def link(self, label, url, is_page=False):
        """Return a button that opens an address, nothing when there is none.

        :param bool is_page: within the messenger, where it can
        """
        if not url:
            return None
        words = self.world.word(label)
        return Button(words, web_page=url) if is_page else Button(words, url=url)

    def link_to(self, text, url):
        """Return a button that opens an address, its words worded already."""
        return Button(text, url=url)

    # === GOING ON === #

    def do(self, command, /, **values):
        """Carry a command out and return what came of it, plain values.

        :param str command: ``"scan.take"``
        :raise Declined: it was declined
        """
        return self.world.do(command, **values)

    def go(self, step, **data):
        """Ask the question of a step.

        :param data: what the flow remembers besides what it knows already
        """
        self.state.step = step
        self.state.data.update(data)
        self.state.asked += 1
        self.ask()

    def ask(self):
        """Ask what is asked once more."""
        self.dialog.steps[self.state.step].ask(self)

    def leave(self):
        """Ask nothing any more."""
        self.state.step, self.state.data = "", {}

    def go_on(self, step):
        """Say so far what was said, and come back for the slow work.

        :param str step: ``"scan.look"``, of ``Flow.goes_on``
        """
        self.work = step

    # === THE END OF A TURN === #

    def get_answers(self):
        """Return what is answered; what was said last always has a way on."""
        answers = list(self.replies)
        if self.work:
            return [*answers, GoOn(self.work)]
        if self.is_quiet and not answers:
            return []
        if not _has_way_on(answers[-1]):
            self.add(*self.dialog.get_ways_on(self))
        self.state.shown = [
            [button.label, button.action, button.value]
            for button in self.replies[-1].actions[:_REMEMBERED]
        ]
        return list(self.replies)


def _has_way_on(reply):
    """Tell whether something can be pressed that leads back to us."""
    return bool(reply.actions or reply.ask_contact)
