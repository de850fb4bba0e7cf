"""Photos of a receipt: several photos are one receipt."""

from dataclasses import asdict

from ..flow import Action, Flow, Step
from ..messages import File

MAX_PAGES = 5


def _begin(turn):
    turn.go("receipt.pages", files=[])


def _ask_pages(turn):
    """Ask for the photos; once there is one, for more or for the end."""
    count = len(turn.data["files"])
    if not count:
        turn.say("receipt.ask", turn.press("cancel"))
        return
    turn.say(
        "receipt.ask_more" if count < MAX_PAGES else "receipt.full",
        turn.press("send"),
        [turn.press("anew"), turn.press("cancel")],
        count=count,
    )


def _take_photo(turn):
    """Keep one more photo; of an album only the first is answered."""
    data, album = turn.data, turn.incoming.album
    pages = map(asdict, turn.incoming.files)
    data["files"] = [*data["files"], *pages][:MAX_PAGES]
    if album and data.get("album") == album:
        turn.stay_quiet()
        return
    data["album"] = album
    turn.ask()


def _send(turn):
    """Hand the photos in; that takes a moment, so it says so first."""
    if not turn.data["files"]:
        turn.go("receipt.pages")
        return
    turn.say("receipt.reading")
    turn.go_on("receipt.upload")


def _upload(turn):
    """Hand the photos in as one receipt."""
    files = [File(**values) for values in turn.data["files"]]
    row = turn.do("receipt.upload", files=files, key=turn.incoming.external_id)
    turn.leave()
    turn.tell(_get_text(row))
    turn.say("receipt.sent", [turn.button("receipt.list"), turn.button("home.menu")])


def _anew(turn):
    turn.data.clear()
    turn.go("receipt.pages", files=[])


def _cancel(turn):
    turn.leave()
    turn.dialog.run(turn, turn.dialog.home)


def _list(turn):
    """Show how far the receipts are."""
    rows = turn.do("receipt.list")
    if not rows:
        turn.say("receipt.none", [turn.button("receipt.begin")])
        turn.add(turn.button("home.menu"))
        return
    turn.tell("\n\n".join(_get_text(row) for row in rows))
    turn.add(turn.button("receipt.begin"), turn.button("home.menu"))


def _get_text(row):
    lines = [f"{row['title']} · {row['day']}", row["status"], row["reason"]]
    return "\n".join(line for line in lines if line)


FLOW = Flow(
    name="receipt",
    actions={
        "begin": Action(
            do=_begin,
            label="receipt.begin",
            typed=("receipt", "чек", "чеки", "квитанція"),
            menu=11,
        ),
        "list": Action(do=_list, label="receipt.list", typed=("receipts", "мої чеки")),
    },
    steps={
        "pages": Step(
            ask=_ask_pages,
            takes={"photo": _take_photo, "file": _take_photo},
            presses={"send": _send, "anew": _anew, "cancel": _cancel},
        ),
    },
    goes_on={"upload": _upload},
)
