"""Tasks and contests: what there is, taking on, how far, and photos or a video."""

from ..flow import Action, Flow, Step

# === WHAT THERE IS === #


def _show_list(turn):
    page = turn.do("tasks.list")
    rows, elsewhere, past = page["rows"], page["elsewhere"], page["past"]
    if not rows and not elsewhere and not past:
        turn.say("tasks.none", [turn.button("scan.begin")])
        turn.add(turn.button("home.menu"))
        return
    texts = [_get_card(turn, row) for row in rows]
    texts += [_get_other(row) for row in elsewhere]
    texts += [_get_past(row) for row in past]
    buttons = [_get_button(turn, row) for row in rows]
    buttons += [_get_other_button(turn, row) for row in elsewhere]
    turn.tell("\n\n".join(texts), *buttons)
    turn.add(turn.button("points.balance"), turn.button("home.menu"))


def _get_button(turn, row):
    return turn.button("tasks.look", value=row["key"], text=row["name"])


def _get_other_button(turn, row):
    if row["task"]:
        return turn.button("tasks.photos", value=row["task"], text=row["name"])
    return turn.link("tasks.open_page", row["url"])


def _get_card(turn, row):
    """Return a task or contest as lines: until when, how far, what for."""
    status = " · ".join(filter(None, (row["status"], row["left"])))
    lines = [row["name"], status]
    if row["progress"]:
        lines.append(turn.world.word("tasks.progress", **row["progress"]))
        lines.append(row["progress"]["next"])
    if row["place"]:
        place = row["place"]
        lines.append(
            turn.world.word("tasks.place", **place)
            if place["rank"]
            else turn.world.word("tasks.no_place")
        )
        lines.append(place["next"])
    return "\n".join(line for line in [*lines, row["problem"]] if line)


def _get_other(row):
    return "\n".join(filter(None, (row["name"], *row["prizes"], row["until"])))


def _get_past(row):
    return "\n".join(
        filter(None, (f"{row['name']} · {row['status']}", row["result"], *row["won"]))
    )


# === ONE OF THEM === #


def _look(turn):
    _show(turn, turn.do("tasks.look", key=turn.value))


def _show(turn, task):
    """Show what counts, what there is to win, and who is where."""
    if not task:
        turn.say("tasks.gone", turn.button("tasks.list"))
        return
    row = task["row"]
    prizes = [f"{reason}: {prize}" for reason, prize in row["prizes"]]
    ranking = [_get_rank(one) for one in task["ranking"]]
    parts = [
        _get_card(turn, row),
        task["text"],
        "\n".join(task["conditions"]),
        "\n".join(prizes),
        "\n".join(ranking),
    ]
    turn.tell("\n\n".join(part for part in parts if part))
    if row["can_join"]:
        turn.add(turn.button("tasks.join", value=row["key"], once=True))
    if row["can_leave"]:
        turn.add(turn.button("tasks.leave", value=row["key"], once=True))
    turn.add(turn.button("tasks.list"), turn.button("home.menu"))


def _get_rank(row):
    gap = "…\n" if row["is_gap"] else ""
    mark = "👉 " if row["is_own"] else ""
    return f"{gap}{mark}{row['rank']}. {row['name']} · {row['score']}"


def _join(turn):
    task = turn.do("tasks.join", key=turn.value)
    if task:
        turn.say("tasks.joined")
    _show(turn, task)


def _leave(turn):
    task = turn.do("tasks.leave", key=turn.value)
    if task:
        turn.say("tasks.left")
    _show(turn, task)


# === PHOTOS AND VIDEO === #


def _begin_photos(turn):
    turn.data["task"] = turn.value
    turn.go("tasks.send", ticked=[], album="")


def _ask_photos(turn):
    """Say what has to be on the photos, what arrived, and what is missing."""
    task = turn.do("tasks.photos", task=turn.data["task"])
    if not task:
        turn.leave()
        turn.say("tasks.gone", turn.button("tasks.list"))
        return
    lines = [task["name"], task["status"], task["text"], *task["prizes"]]
    lines += [task["photos_text"], task["deadline"], task["obstacle"]]
    turn.tell("\n".join(line for line in lines if line), *_get_ticks(turn, task))
    if task["is_to_take_on"]:
        turn.add(turn.press("take_on"))
    elif task["is_open"]:
        turn.say("tasks.ask_photos", **task)
        turn.add(turn.press("hand_in") if task["count"] else None)
        if task["count"]:
            turn.add(turn.press("remove"))
    turn.add(turn.link("tasks.open_page", task["url"]))
    turn.add(turn.button("tasks.list"), turn.button("home.menu"))


def _get_ticks(turn, task):
    """Return the checklist: a button each, while it can be handed in."""
    if not task["is_open"]:
        return []
    ticked = turn.data["ticked"]
    return [
        turn.press(
            "tick",
            value=row["id"],
            text=f"{'☑' if row['id'] in ticked else '☐'} {row['name']}",
        )
        for row in task["criteria"]
    ]


def _tick(turn):
    ticked, row = turn.data["ticked"], int(turn.value)
    turn.data["ticked"] = [one for one in ticked if one != row]
    if row not in ticked:
        turn.data["ticked"].append(row)
    turn.ask()


def _take_on(turn):
    turn.do("tasks.take_on", task=turn.data["task"])
    turn.ask()


def _keep_later(turn):
    """Say that it is taken: that takes a moment."""
    album = turn.incoming.album
    if not album or album != turn.data["album"]:
        turn.say("tasks.taking")
    turn.go_on("tasks.keep")


def _keep(turn):
    """Keep a photo or a video of the task that is done."""
    if turn.state.step != "tasks.send":
        turn.say("tasks.gone", turn.button("tasks.list"))
        return
    data, album = turn.data, turn.incoming.album
    turn.do(
        "tasks.keep",
        task=data["task"],
        files=turn.incoming.files,
        is_video=turn.incoming.kind == "video",
    )
    if album and album == data["album"]:
        turn.stay_quiet()
        return
    data["album"] = album
    turn.ask()


def _remove(turn):
    turn.do("tasks.remove", task=turn.data["task"])
    turn.ask()


def _hand_in(turn):
    data = turn.data
    turn.do("tasks.hand_in", task=data["task"], ticked=data["ticked"])
    turn.leave()
    turn.say("tasks.handed_in", [turn.button("tasks.list"), turn.button("home.menu")])


FLOW = Flow(
    name="tasks",
    actions={
        "list": Action(
            do=_show_list,
            label="tasks.list",
            typed=("tasks", "contest", "завдання", "конкурс", "задания"),
            menu=20,
        ),
        "look": Action(do=_look, label="tasks.list"),
        "join": Action(do=_join, label="tasks.join"),
        "leave": Action(do=_leave, label="tasks.leave"),
        "photos": Action(do=_begin_photos, label="tasks.list"),
    },
    steps={
        "send": Step(
            ask=_ask_photos,
            takes=dict.fromkeys(("photo", "file", "video"), _keep_later),
            presses={
                "tick": _tick,
                "take_on": _take_on,
                "remove": _remove,
                "hand_in": _hand_in,
            },
        ),
    },
    goes_on={"keep": _keep},
)
