"""Recommending: the own code, the link, a poster, and what came of it."""

from ..flow import Action, Flow, Step


def _show(turn):
    """Show what can be recommended; with the own code where there is one."""
    offers = turn.do("recommend.list")
    if not offers:
        turn.say("recommend.none")
        return
    for offer in offers:
        if offer["kit"]:
            _show_kit(turn, offer)
        else:
            _show_offer(turn, offer)
    turn.add(turn.button("points.balance"), turn.button("home.menu"))


def _show_offer(turn, offer):
    lines = [offer["title"], offer["terms"], *offer["paid"]]
    begin = turn.button("recommend.begin", value=offer["key"])
    turn.tell("\n".join(line for line in lines if line), begin)


def _show_kit(turn, offer):
    """Show the code, how it is passed on, and what came of it."""
    kit = offer["kit"]
    turn.show("recommend", kit["picture"], key=kit["picture_key"], text=kit["message"])
    turn.say("recommend.kit", **{**offer, **kit})
    share = [turn.link_to(way["label"], way["href"]) for way in kit["ways"]]
    for start in range(0, len(share), 2):
        turn.add(*share[start : start + 2])
    turn.add(turn.button("recommend.poster", value=kit["id"]))


def _begin(turn):
    """Give the code at once, or ask for the agreement to the terms first."""
    offer = turn.do("recommend.look", key=turn.value)
    if not offer:
        turn.say("recommend.none")
    elif offer["agreement"]:
        turn.go("recommend.agree", key=turn.value)
    else:
        _get_code(turn, turn.value, "")


def _ask_agree(turn):
    offer = turn.do("recommend.look", key=turn.data["key"])
    if not offer or not offer["agreement"]:
        turn.leave()
        turn.say("recommend.none")
        return
    turn.data["agreed"] = offer["agreement"]["id"]
    turn.say(
        "recommend.ask_agree",
        [turn.press("yes"), turn.press("no")],
        text=offer["agreement"]["text"],
    )


def _agree(turn):
    data = dict(turn.data)
    turn.leave()
    _get_code(turn, data["key"], data["agreed"])


def _decline(turn):
    turn.leave()
    turn.say("recommend.declined")


def _get_code(turn, key, agreed):
    turn.do("recommend.begin", key=key, agreed=agreed)
    _show(turn)


def _send_poster(turn):
    """Say so first: a poster takes a moment to be drawn."""
    turn.say("recommend.drawing")
    turn.go_on("recommend.draw")


def _draw(turn):
    paper = turn.do("recommend.draw", link=turn.incoming.value)
    if not paper:
        turn.say("recommend.none")
        return
    text = turn.world.word("recommend.print")
    turn.send_file(paper["name"], "application/pdf", paper["content"], text)
    turn.add(turn.button("recommend.show"), turn.button("home.menu"))


FLOW = Flow(
    name="recommend",
    actions={
        "show": Action(
            do=_show,
            label="recommend.show",
            typed=("recommend", "invite", "рекомендувати", "порадити", "рекомендовать"),
            menu=50,
        ),
        "begin": Action(do=_begin, label="recommend.begin"),
        "poster": Action(do=_send_poster, label="recommend.poster"),
    },
    steps={
        "agree": Step(ask=_ask_agree, presses={"yes": _agree, "no": _decline}),
    },
    goes_on={"draw": _draw},
)
