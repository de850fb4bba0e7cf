"""Rewards: see, request, and what became of the requests."""

from ..flow import Action, Flow, Step

# === SEEING === #


def _show_list(turn):
    """Show a page of the rewards, one button each."""
    page = turn.do("rewards.list", page=turn.value)
    if not page["rows"]:
        turn.say("rewards.none", [turn.button("rewards.requests")])
        turn.add(turn.button("points.balance"), turn.button("home.menu"))
        return
    lines = [_get_line(turn, row) for row in page["rows"]]
    turn.say(
        "rewards.shown",
        *[
            turn.button("rewards.look", value=row["id"], text=row["name"])
            for row in page["rows"]
        ],
        rows="\n\n".join(lines),
        purses=" + ".join(page["purses"]),
    )
    if page["older"]:
        turn.add(turn.button("rewards.list", "rewards.more", value=page["older"]))
    turn.add(turn.button("rewards.requests"), turn.button("home.menu"))


def _get_line(turn, row):
    price = f"{row['name']} · {row['price']}"
    return "\n".join(line for line in (price, row["missing"]) if line)


def _look(turn):
    """Show a reward, and how it is had."""
    row = turn.do("rewards.look", reward=turn.value)
    if not row:
        turn.say("rewards.gone", turn.button("rewards.list"))
        return
    facts = [f"{label}: {text}" for label, text in row["facts"]]
    lines = [row["name"], row["price"], row["worth"], row["text"], *facts]
    turn.tell("\n".join(line for line in [*lines, row["refusal_text"]] if line))
    if row["is_for_page"]:
        turn.say("rewards.on_page", turn.link("rewards.open_page", row["url"]))
    elif not row["refusal_text"]:
        turn.add(turn.button("rewards.begin", value=row["id"]))
    turn.add(turn.button("rewards.list"), turn.button("home.menu"))


# === REQUESTING === #


def _begin(turn):
    """Ask what has to be known, then whether it is meant."""
    reward = turn.value
    questions = turn.do("rewards.questions", reward=reward)
    if questions is None:
        turn.say("rewards.gone", turn.button("rewards.list"))
        return
    turn.data.update(reward=reward, questions=questions, answers={})
    _go_on(turn)


def _go_on(turn):
    turn.go("rewards.answer" if turn.data["questions"] else "rewards.confirm")


def _ask_answer(turn):
    question = turn.data["questions"][0]
    options = [
        turn.press("choose", value=number, text=label)
        for number, (_value, label) in enumerate(question["options"])
    ]
    if question["value"]:
        options.append(turn.press("keep", text=question["value"]))
    if not question["is_required"]:
        options.append(turn.press("skip"))
    text = "\n".join(filter(None, (question["label"], question["help"])))
    turn.tell(text, *options, turn.press("cancel"))


def _take_answer(turn):
    question = turn.data["questions"][0]
    if question["options"]:
        turn.say("rewards.choose_one")
        turn.ask()
        return
    _keep_answer(turn, turn.text)


def _choose(turn):
    options = turn.data["questions"][0]["options"]
    _keep_answer(turn, options[int(turn.value)][0])


def _keep(turn):
    _keep_answer(turn, turn.data["questions"][0]["value"])


def _skip(turn):
    _keep_answer(turn, "")


def _keep_answer(turn, answer):
    question, *others = turn.data["questions"]
    answers = {**turn.data["answers"], question["name"]: answer}
    turn.data.update(answers=answers, questions=others)
    _go_on(turn)


def _ask_confirm(turn):
    row = turn.do("rewards.look", reward=turn.data["reward"])
    if not row or row["is_for_page"]:
        turn.leave()
        turn.say("rewards.gone", turn.button("rewards.list"))
        return
    turn.data["price"] = row["points"]
    turn.say("rewards.ask_confirm", [turn.press("yes"), turn.press("cancel")], **row)


def _request(turn):
    """Request it: points are reserved once, whatever is pressed again."""
    data = turn.data
    row = turn.do(
        "rewards.request",
        reward=data["reward"],
        answers=data["answers"],
        price=data["price"],
        key=turn.incoming.external_id,
    )
    turn.leave()
    turn.say("rewards.requested")
    _tell_request(turn, row)
    turn.add(turn.button("rewards.requests"), turn.button("points.balance"))
    turn.add(turn.button("home.menu"))


def _cancel(turn):
    turn.leave()
    turn.say("rewards.cancelled", [turn.button("rewards.list")])
    turn.add(turn.button("home.menu"))


# === WHAT BECAME OF IT === #


def _show_requests(turn):
    rows = turn.do("rewards.requests")
    if not rows:
        turn.say("rewards.no_requests", [turn.button("rewards.list")])
        turn.add(turn.button("home.menu"))
        return
    for row in rows:
        _tell_request(turn, row)
        if row["can_cancel"]:
            turn.add(turn.button("rewards.take_back", value=row["id"], once=True))
    turn.add(turn.button("rewards.list"), turn.button("home.menu"))


def _tell_request(turn, row):
    """Tell how far a request is, with what the person shows or does now."""
    points = " · ".join(filter(None, (row["points"], row["status"])))
    lines = [f"{row['title']} ({row['number']})", points, *row["lines"]]
    if row["code"]:
        lines.append(turn.world.word("rewards.code", **row))
    link = turn.link("rewards.open_page", row["next_url"])
    turn.tell("\n".join(line for line in [*lines, row["next_step"]] if line), link)
    if row["picture"]:
        turn.show("code", row["picture"])


def _take_back(turn):
    row = turn.do("rewards.take_back", request=turn.value)
    if not row:
        turn.say("rewards.gone", turn.button("rewards.requests"))
        return
    turn.say("rewards.taken_back", [turn.button("rewards.list")])
    turn.add(turn.button("points.balance"), turn.button("home.menu"))


FLOW = Flow(
    name="rewards",
    actions={
        "list": Action(
            do=_show_list,
            label="rewards.list",
            typed=("rewards", "gifts", "нагороди", "подарунки", "призи", "награды"),
            menu=40,
        ),
        "look": Action(do=_look, label="rewards.list"),
        "begin": Action(do=_begin, label="rewards.begin"),
        "requests": Action(
            do=_show_requests,
            label="rewards.requests",
            typed=("requests", "orders", "замовлення", "заявки", "заказы"),
        ),
        "take_back": Action(do=_take_back, label="rewards.take_back"),
    },
    steps={
        "answer": Step(
            ask=_ask_answer,
            takes={"text": _take_answer},
            presses={
                "choose": _choose,
                "keep": _keep,
                "skip": _skip,
                "cancel": _cancel,
            },
        ),
        "confirm": Step(ask=_ask_confirm, presses={"yes": _request, "cancel": _cancel}),
    },
)
