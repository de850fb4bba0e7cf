"""The dialog: where a conversation is, and what somebody did → what is answered.

Whatever arrives at whichever moment gets an answer, and the answer has a button to go
on with: that is seen to here, not by the flows.
"""

from .flow import Declined
from .turn import MARK, Turn
from .typed import get_command, get_plain

#: What a message without words is answered by, where nothing is made of it.
_WORDLESS = ("photo", "video", "file", "location", "contact")
_COLUMNS = 2


class Dialog:
    """All flows together.

    :param flows: :class:`~.flow.Flow`, in the order in which they are asked whether
        they make something of a message
    :param str home: action of the menu
    """

    def __init__(self, flows, home="home.menu"):
        self.flows, self.home = tuple(flows), home
        self.steps = _collect(self.flows, "steps")
        self.actions = _collect(self.flows, "actions")
        self.works = _collect(self.flows, "goes_on")
        self.links = {
            prefix: (flow.name, take)
            for flow in self.flows
            for prefix, take in flow.links.items()
        }
        self._typed = {
            get_plain(word): name
            for name, action in self.actions.items()
            for word in action.typed
        }

    def handle(self, world, state, incoming):
        """Answer one thing.

        :param world: :class:`~.world.World`
        :param state: :class:`~.turn.State`; it is changed
        :param incoming: :class:`~.messages.Incoming` of a person, in a private chat
        :return: list of :class:`~.messages.Reply`, the last one with a button; or
            :class:`~.messages.GoOn` at the end; nothing for what was answered already
        """
        if state.step and state.step not in self.steps:
            state.step, state.data = "", {}  # of an add-on that is gone
        turn = Turn(self, world, state, incoming)
        try:
            self._route(turn)
        except Declined as error:
            turn.work = ""
            turn.tell(str(error))
            self._ask_after_decline(turn)
        if not turn.replies and not turn.work and not turn.is_quiet:
            self._ask_again(turn)
        return turn.get_answers()

    # === WHAT IT IS === #

    def _route(self, turn):
        """Hand what came to whom it is for."""
        incoming, kind = turn.incoming, turn.incoming.kind
        if incoming.step:
            self._go_on(turn, incoming.step)
        elif kind == "start":
            self._start(turn)
        elif kind == "button":
            self._press(turn, incoming.action, incoming.value)
        elif kind == "text" and not self._ask_by_words(turn):
            self._take(turn)
        elif kind != "text":
            self._take(turn)

    def _go_on(self, turn, step):
        work = self.works.get(step)
        if work:
            work(turn)

    def _start(self, turn):
        """Begin, maybe with what a link carries: ``j_…``."""
        prefix, _line, value = turn.text.partition("_")
        turn.leave()
        if prefix in self.links and value:
            turn.value = value
            self.links[prefix][1](turn)
        else:
            self.run(turn, self.home)

    def _press(self, turn, name, value):
        """Take the press of a button."""
        value, mark, asked = value.partition(MARK)
        turn.value = value
        if not mark and name in self.actions:
            if turn.incoming.is_repeated:
                turn.say("home.pressed_before")
                return
            turn.leave()
            self.run(turn, name)
            return
        press = self._find_press(turn, name)
        if press and asked == str(turn.state.asked):
            # once: the same button again is an old one
            turn.state.asked += 1
            press(turn)
        else:
            turn.say("home.old_button")
            self._ask_again(turn)

    def _find_press(self, turn, name):
        """Return what a button of the step that is asked does, None: of another."""
        step = self.steps.get(turn.state.step)
        flow = turn.state.step.partition(".")[0]
        return step and step.presses.get(name.removeprefix(f"{flow}."))

    def _ask_by_words(self, turn):
        """Take a command, or what stands on a button, typed; tell whether it was."""
        command, typed = get_command(turn.text), get_plain(turn.text)
        if command == "start":
            turn.leave()
            self.run(turn, self.home)
            return True
        if not typed:
            return False
        for label, action, value in turn.state.shown:
            if get_plain(label) == typed:
                self._press(turn, action, value)
                return True
        name = self._typed.get(command or typed) or self._find_labelled(turn, typed)
        if name:
            turn.leave()
            self.run(turn, name)
        return bool(name)

    def _find_labelled(self, turn, typed):
        """Return the action of the menu on whose button this stands."""
        for name, action in self.actions.items():
            if action.menu and get_plain(turn.world.word(action.label)) == typed:
                return name
        return None

    def _take(self, turn):
        """Take an answer to what is asked, or make something of what nobody asked."""
        kind, step = turn.incoming.kind, self.steps.get(turn.state.step)
        if step:
            take = step.takes.get(kind)
            if take and (kind != "text" or turn.text):
                take(turn)
            else:
                self._say_no_answer(turn)
                turn.ask()
        elif not self._is_known(turn):
            self.run(turn, self.home)
        elif not any(flow.notices(turn) for flow in self.flows):
            self._say_no_answer(turn)
            self.run(turn, self.home)

    def _say_no_answer(self, turn):
        """Say that nothing can be made of a message, by what it is."""
        kind = turn.incoming.kind
        turn.say(f"home.no_{kind}" if kind in _WORDLESS else "home.no_answer")

    # === ANSWERING === #

    def run(self, turn, name):
        """Do what an action does, if the person may ask for it."""
        action = self.actions[name]
        if action.is_open or self._is_known(turn):
            action.do(turn)
        else:
            turn.say("home.not_linked")
            self.run(turn, self.home)

    def _is_known(self, turn):
        return turn.world.is_known

    def _ask_again(self, turn):
        """Ask what is asked; nothing is: show the menu."""
        if turn.state.step:
            turn.ask()
        else:
            self.run(turn, self.home)

    def _ask_after_decline(self, turn):
        """Ask the question anew; if that is declined too, there is none any more."""
        try:
            if turn.state.step:
                turn.ask()
        except Declined:
            turn.leave()

    def get_menu(self, turn):
        """Return the buttons of the menu, in rows: what is of use to the person."""
        places = []
        for flow in self.flows:
            offered = turn.world.offers(flow.name)
            for name, action in flow.actions.items():
                allowed = action.is_open or turn.world.is_known
                if action.menu and allowed and name in offered:
                    places.append((action.menu, f"{flow.name}.{name}"))
        buttons = [turn.button(name) for _place, name in sorted(places)]
        return [
            buttons[start : start + _COLUMNS]
            for start in range(0, len(buttons), _COLUMNS)
        ]

    def get_ways_on(self, turn):
        """Return the buttons below an answer that has none of its own."""
        return [turn.button(self.home)]


def _collect(flows, attribute):
    """Return what flows have, under its full name."""
    return {
        f"{flow.name}.{name}": value
        for flow in flows
        for name, value in getattr(flow, attribute).items()
    }
