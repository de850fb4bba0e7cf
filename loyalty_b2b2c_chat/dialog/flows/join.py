"""Joining with an invitation: consent, name, proof of an address; all of it here."""

from ..flow import Action, Flow, Step

# === THE INVITATION === #


def _begin_by_link(turn):
    """Show what is agreed to; who takes part already proves nothing anew."""
    invitation = turn.do("join.look", token=turn.value)
    if not invitation:
        turn.say("join.none")
        return
    turn.go("join.consent", token=turn.value, visit="")


def _ask_consent(turn):
    invitation = turn.do("join.look", token=turn.data["token"])
    if not invitation:
        turn.leave()
        turn.say("join.none")
        return
    turn.say("join.invited", **invitation)
    turn.say(
        "join.ask_consent",
        [turn.press("agree"), turn.press("cancel")],
        **invitation,
    )


def _agree(turn):
    if turn.world.is_known:
        _show(turn, turn.do("join.join_known", token=turn.data["token"]))
    else:
        turn.go("join.name")


# === WHO === #


def _ask_name(turn):
    name = turn.do("join.guess_name", name=turn.incoming.name)
    guess = turn.press("take_name", value=name, text=name) if name else None
    turn.say("join.ask_name", guess, turn.press("cancel"))


def _take_name(turn):
    _keep_name(turn, turn.text)


def _take_guess(turn):
    _keep_name(turn, turn.do("join.guess_name", name=turn.incoming.name))


def _keep_name(turn, name):
    """Go on when it may be a name, else say what is wrong."""
    problem = turn.do("join.check_name", name=name)
    if problem:
        turn.tell(problem)
        turn.ask()
    else:
        turn.go("join.address", name=name)


def _ask_address(turn):
    turn.say("join.ask_address", turn.press("cancel"))
    turn.tell(
        turn.world.word("join.or_share"), ask_contact=turn.world.word("join.share")
    )


def _take_contact(turn):
    """Take a shared number, if it is the sender's own."""
    if not turn.incoming.is_own_phone:
        turn.say("join.other_contact")
        turn.ask()
        return
    _send_code(turn, "+" + turn.incoming.phone.lstrip("+"))


def _take_address(turn):
    _send_code(turn, turn.text)


def _send_code(turn, address):
    """Send a code to the address; what is wrong with it is said."""
    data = turn.data
    started = turn.do(
        "join.start",
        token=data["token"],
        name=data["name"],
        address=address,
        visit=data["visit"],
    )
    if started["problem"]:
        turn.tell(started["problem"])
        turn.ask()
    else:
        turn.go("join.code", join=started["join"], shown=started["shown"])


# === PROOF === #


def _ask_code(turn):
    turn.say(
        "join.ask_code",
        [turn.press("again"), turn.press("change")],
        turn.press("cancel"),
        address=turn.data["shown"],
    )


def _take_code(turn):
    answer = turn.do("join.check", join=turn.data["join"], code=turn.text)
    if answer["problem"]:
        turn.tell(answer["problem"])
        turn.ask()
    else:
        _show(turn, answer)


def _again(turn):
    problem = turn.do("join.again", join=turn.data["join"])
    if problem:
        turn.tell(problem)
    turn.go("join.code")


def _change(turn):
    turn.go("join.address")


def _cancel(turn):
    if turn.data.get("join"):
        turn.do("join.forget", join=turn.data["join"])
    turn.leave()
    turn.say("join.cancelled", turn.button("home.menu"))


# === HOW IT ENDED === #


def _show(turn, answer):
    """Tell how it ended: joined, waiting for somebody, or not.

    :param dict answer: ``state`` of the request, ``join``, ``employer``, ``role``
    """
    state = answer["state"]
    if state == "waiting":
        turn.go("join.waiting", join=answer["join"])
        return
    turn.leave()
    if state == "joined":
        turn.say("join.joined", *turn.dialog.get_menu(turn), **answer)
    else:
        turn.say(f"join.{state}", turn.button("home.menu"), **answer)


def _ask_waiting(turn):
    turn.say("join.waiting", turn.press("look"), turn.button("home.menu"))


def _go_on(turn):
    """Somebody decided just now: the person did nothing."""
    if turn.state.step == "join.waiting":
        _look(turn)
    else:
        turn.stay_quiet()


def _look(turn):
    """Look whether somebody decided."""
    _show(turn, turn.do("join.get", join=turn.data["join"]))


# === SOMEBODY RECOMMENDS === #


def _show_recommended(turn):
    """Show who recommends what, and where it goes on."""
    if not turn.do("join.open_recommended", code=turn.value):
        turn.say("join.no_recommendation")
        return
    turn.go("join.recommended", code=turn.value)


def _ask_recommended(turn):
    offer = turn.do("join.look_recommended", code=turn.data["code"])
    if not offer:
        turn.leave()
        turn.say("join.no_recommendation")
        return
    is_new = offer["token"] and not turn.world.is_known
    turn.say(
        "join.recommended",
        turn.press("join_now") if is_new else None,
        turn.link("join.open_offer", offer["url"]),
        turn.button("home.menu"),
        **offer,
    )


def _join_recommended(turn):
    """Join with the invitation of the campaign; who recommended it is remembered."""
    offer = turn.do("join.look_recommended", code=turn.data["code"])
    if not offer or not offer["token"]:
        turn.leave()
        turn.say("join.no_recommendation")
        return
    turn.go("join.consent", token=offer["token"], visit=offer["visit"])


def _explain(turn):
    turn.say("join.explain", turn.button("home.menu"))


FLOW = Flow(
    name="join",
    actions={
        "explain": Action(
            do=_explain, label="join.explain_button", menu=1, is_open=True
        ),
    },
    steps={
        "consent": Step(ask=_ask_consent, presses={"agree": _agree, "cancel": _cancel}),
        "name": Step(
            ask=_ask_name,
            takes={"text": _take_name},
            presses={"take_name": _take_guess, "cancel": _cancel},
        ),
        "address": Step(
            ask=_ask_address,
            takes={"text": _take_address, "contact": _take_contact},
            presses={"cancel": _cancel},
        ),
        "code": Step(
            ask=_ask_code,
            takes={"text": _take_code},
            presses={"again": _again, "change": _change, "cancel": _cancel},
        ),
        "waiting": Step(ask=_ask_waiting, presses={"look": _look}),
        "recommended": Step(
            ask=_ask_recommended, presses={"join_now": _join_recommended}
        ),
    },
    links={"j": _begin_by_link, "r": _show_recommended},
    goes_on={"decided": _go_on},
)
