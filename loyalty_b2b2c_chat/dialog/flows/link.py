"""Linking a chat with a person who takes part already, and cutting it again."""

from ..flow import Action, Flow, Step


def _begin_by_link(turn):
    """Ask whether the chat shall be this person's: a link may have been forwarded."""
    person = turn.do("link.look", token=turn.value)
    if not person:
        turn.say("link.void")
        return
    turn.go("link.confirm", token=turn.value)


def _ask_confirm(turn):
    person = turn.do("link.look", token=turn.data["token"])
    if not person:
        turn.leave()
        turn.say("link.void")
        return
    turn.say(
        "link.ask_other" if turn.world.is_known else "link.ask",
        [turn.press("yes"), turn.press("no")],
        **person,
    )


def _bind(turn):
    person = turn.do("link.bind", token=turn.data["token"])
    turn.leave()
    if not person:
        turn.say("link.void")
        return
    turn.say("link.done", *turn.dialog.get_menu(turn), **person)


def _decline(turn):
    turn.leave()
    turn.say("link.not_linked", turn.button("home.menu"))


# === CUTTING === #


def _begin_stop(turn):
    turn.go("link.stop")


def _ask_stop(turn):
    turn.say(
        "link.ask_stop",
        turn.press("mute"),
        turn.press("cut"),
        turn.press("keep"),
    )


def _mute(turn):
    """Write no messages any more; who asks is still answered."""
    turn.do("link.mute")
    turn.leave()
    turn.say("link.muted", [turn.button("prefs.show"), turn.button("home.menu")])


def _cut(turn):
    """Forget whose chat it is."""
    turn.do("link.cut")
    turn.leave()
    turn.say("link.cut_done", turn.button("home.menu"))


def _keep(turn):
    turn.leave()
    turn.dialog.run(turn, turn.dialog.home)


FLOW = Flow(
    name="link",
    actions={
        "stop": Action(
            do=_begin_stop,
            label="link.stop",
            typed=("stop", "стоп", "disconnect", "відʼєднати", "unsubscribe"),
        ),
    },
    steps={
        "confirm": Step(ask=_ask_confirm, presses={"yes": _bind, "no": _decline}),
        "stop": Step(
            ask=_ask_stop, presses={"mute": _mute, "cut": _cut, "keep": _keep}
        ),
    },
    links={"l": _begin_by_link},
)
