"""What somebody wants to be told, over what, how often and in which language."""

from ..flow import Action, Flow


def _show(turn):
    """Show the channels with what is on, and how often there are messages."""
    wishes = turn.do("prefs.get")
    word = turn.world.word
    lines = [word("prefs.now", summary=wishes["summary"])]
    lines += (one["missing"] for one in wishes["channels"] if one["missing"])
    rows = [
        turn.button(
            "prefs.switch",
            value=one["code"],
            text=word("prefs.on" if one["wanted"] else "prefs.off", label=one["label"]),
        )
        for one in wishes["channels"]
    ]
    turn.tell("\n".join(lines), *rows)
    turn.add(turn.button("prefs.often"), turn.button("prefs.languages"))
    turn.add(turn.link("prefs.open_page", wishes["url"]))
    turn.add(turn.button("link.stop"), turn.button("home.menu"))


def _switch(turn):
    """Turn a channel on or off."""
    turn.do("prefs.switch", code=turn.value)
    _show(turn)


def _ask_often(turn):
    choices = turn.do("prefs.get")["often"]
    turn.say(
        "prefs.ask_often",
        *[
            turn.button("prefs.set_often", value=value, text=_mark(label, chosen))
            for value, label, chosen in choices
        ],
        turn.button("prefs.show"),
    )


def _set_often(turn):
    turn.do("prefs.set_often", value=turn.value)
    _show(turn)


def _ask_language(turn):
    turn.say(
        "prefs.ask_language",
        *[
            turn.button("prefs.set_language", value=code, text=_mark(name, chosen))
            for code, name, chosen in turn.do("prefs.languages")
        ],
        turn.button("home.menu"),
    )


def _set_language(turn):
    turn.do("prefs.set_language", code=turn.value)
    turn.dialog.run(turn, turn.dialog.home)


def _mark(label, is_chosen):
    return f"✓ {label}" if is_chosen else label


FLOW = Flow(
    name="prefs",
    actions={
        "show": Action(
            do=_show,
            label="prefs.show",
            typed=("settings", "preferences", "налаштування", "настройки"),
            menu=80,
        ),
        "switch": Action(do=_switch, label="prefs.show"),
        "often": Action(do=_ask_often, label="prefs.often"),
        "set_often": Action(do=_set_often, label="prefs.often"),
        "languages": Action(
            do=_ask_language,
            label="prefs.languages",
            typed=("language", "мова", "язык", "sprache", "idioma", "langue"),
            menu=81,
            is_open=True,
        ),
        "set_language": Action(do=_set_language, label="prefs.languages", is_open=True),
    },
)
