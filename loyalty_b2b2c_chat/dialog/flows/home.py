"""The beginning, the menu, help, and a person to write to."""

from ..flow import Action, Flow, Step


def _show_menu(turn):
    """Greet, and show what can be done here."""
    if not turn.world.is_known:
        _show_beginning(turn)
        return
    turn.say("home.menu", *turn.dialog.get_menu(turn), **turn.do("home.greet"))


def _show_beginning(turn):
    """Tell somebody nobody knows how to begin."""
    place = turn.do("home.tell_place")
    turn.say(
        "home.begin",
        turn.link("home.open_page", place["url"]),
        *turn.dialog.get_menu(turn),
        company=place["company"],
    )


def _show_help(turn):
    """Tell what can be done, and who answers."""
    place = turn.do("home.tell_place")
    turn.say(
        "home.help_text" if turn.world.is_known else "home.help_unknown",
        turn.link("home.open_page", place["url"]),
        *turn.dialog.get_menu(turn),
        **place,
    )


# === A PERSON TO WRITE TO === #


def _begin_writing(turn):
    turn.go("home.letter")


def _ask_letter(turn):
    turn.say("home.ask_letter", turn.press("cancel"), **turn.do("home.tell_place"))


def _take_letter(turn):
    """Put what was written before a person of the company."""
    turn.do("home.send_letter", text=turn.text, files=turn.incoming.files)
    turn.leave()
    turn.say("home.letter_sent", [turn.button("home.write"), turn.button("home.menu")])


def _cancel(turn):
    turn.leave()
    _show_menu(turn)


FLOW = Flow(
    name="home",
    actions={
        "menu": Action(
            do=_show_menu,
            label="home.menu_button",
            typed=("start", "menu", "home", "меню", "головна", "почати", "back"),
            is_open=True,
        ),
        "help": Action(
            do=_show_help,
            label="home.help",
            typed=("help", "допомога", "помощь", "hilfe", "ayuda", "pomoc", "aide"),
            menu=90,
            is_open=True,
        ),
        "write": Action(
            do=_begin_writing,
            label="home.write",
            typed=("write", "person", "людина", "оператор", "operator", "support"),
            menu=91,
        ),
    },
    steps={
        "letter": Step(
            ask=_ask_letter,
            takes=dict.fromkeys(("text", "photo", "file", "video"), _take_letter),
            presses={"cancel": _cancel},
        ),
    },
)
