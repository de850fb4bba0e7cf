"""Scanning codes: typed, on a photo, or with the messenger's own scanner."""

from dataclasses import asdict, replace

from ..flow import Action, Flow, Step
from ..typed import get_code

#: So many codes of one message are taken.
MAX_CODES = 50


# === ASKING === #


def _begin(turn):
    turn.go("scan.code")


def _ask_code(turn):
    page = turn.do("scan.page")
    turn.say(
        "scan.ask",
        turn.link("scan.open_camera", page, is_page=True),
        [turn.button("points.balance"), turn.button("home.menu")],
    )


# === TYPED === #


def _take_text(turn):
    """Take the codes that were typed, or sent by the messenger's scanner."""
    _take(turn, _get_codes(turn.text))


def _notice(turn):
    """Take a code, or look at a photo, that came without asking."""
    if turn.incoming.kind in ("photo", "file"):
        if not turn.world.offers("scan"):
            return False
        _look_later(turn)
        return True
    if turn.incoming.kind != "text":
        return False
    codes = _get_codes(turn.text)
    if not codes or not turn.do("scan.has_codes", texts=codes):
        return False
    _take(turn, codes)
    return True


def _get_codes(text):
    """Return the codes of a message: one per line, at most so many."""
    lines = [get_code(line) for line in text.split("\n")]
    return [line for line in lines if line][:MAX_CODES]


def _take(turn, codes, pin=""):
    """Take codes and tell what became of them."""
    if not codes:
        turn.say("scan.no_text")
        turn.ask()
        return
    answers = turn.do("scan.take", texts=codes, key=_get_key(turn), pin=pin)
    _tell_answers(turn, codes, answers)


def _get_key(turn):
    """Return what makes a scan one, however often it arrives."""
    return turn.incoming.external_id


def _tell_answers(turn, codes, answers):
    """Tell what became of codes, the balances once, and what to do next."""
    waiting = [
        code
        for code, answer in zip(codes, answers, strict=True)
        if answer["status"] == "pin"
    ]
    told = [answer for answer in answers if answer["status"] != "pin"]
    if told:
        turn.tell("\n\n".join(_get_answer_texts(turn, told)))
        balances = next((a["balances"] for a in reversed(told) if a["balances"]), [])
        if balances:
            balance = turn.world.word("scan.balance", balances=" + ".join(balances))
            text = f"{turn.replies[-1].text}\n\n{balance}"
            turn.replies[-1] = replace(turn.replies[-1], text=text)
    if waiting:
        turn.go("scan.pin", codes=waiting)
        return
    turn.leave()
    turn.add(turn.button("scan.begin", "scan.next"), turn.button("points.balance"))
    turn.add(turn.button("home.menu"))


def _get_answer_texts(turn, answers):
    """Return what became of codes; a reason that several have is told once."""
    texts, reasons = [], []
    for answer in answers:
        new = answer["why"] if answer["why"] not in reasons else []
        reasons.append(answer["why"])
        texts.append(_get_answer_text(turn, {**answer, "why": new}))
    return texts


def _get_answer_text(turn, answer):
    """Return what became of one code: the goods, the points, and the reason."""
    goods = " × ".join(filter(None, (answer["product"], answer["quantity"])))
    mark = turn.world.word(f"scan.mark_{answer['status']}")
    lines = [f"{mark} {answer['message']}"]
    if goods:
        lines.append(goods)
    if answer["points"]:
        lines.append(turn.world.word("scan.points", points=answer["points"]))
    return "\n".join([*lines, *answer["why"]])


# === A PIN === #


def _ask_pin(turn):
    turn.say("scan.ask_pin", turn.press("skip_pin"), code=turn.data["codes"][0])


def _take_pin(turn):
    """Take the PIN of the first code that waits for one."""
    first, *others = turn.data["codes"]
    pin = get_code(turn.text)
    [answer] = turn.do("scan.take", texts=[first], key=_get_key(turn), pin=pin)
    if answer["status"] == "pin":  # no PIN at all
        turn.ask()
        return
    if others:
        turn.tell(_get_answer_text(turn, answer))
        turn.data["codes"] = others
        turn.go("scan.pin")
        return
    _tell_answers(turn, [first], [answer])


def _skip_pin(turn):
    turn.leave()
    turn.go("scan.code")


# === A PHOTO === #


def _look_later(turn):
    """Say that the photo is looked at: that takes a moment."""
    if not _is_same_album(turn):
        turn.say("scan.looking")
    turn.go_on("scan.look")


def _look(turn):
    """Take all codes of a photo; without any it may be a receipt."""
    files, album = turn.incoming.files, turn.incoming.album
    found = turn.do("scan.read_photo", file=files[0])
    if found:
        turn.say("scan.found", count=len(found))
        answers = turn.do("scan.take", texts=found, key=_get_key(turn), pin="")
        _tell_answers(turn, found, answers)
    elif turn.do("scan.takes_receipts"):
        known = turn.data.get("files", []) if _is_same_album(turn) else []
        pages = [*known, *map(asdict, files)]
        turn.go("scan.unclear", files=pages, album=album)
    else:
        turn.say("scan.nothing", turn.button("scan.begin", "scan.again"))
        turn.add(turn.button("home.menu"))


def _is_same_album(turn):
    """Tell whether this photo was sent together with the one before."""
    album = turn.incoming.album
    return bool(album) and turn.data.get("album") == album


def _ask_what_it_is(turn):
    turn.say(
        "scan.ask_what",
        [turn.press("is_receipt"), turn.press("try_again")],
        turn.button("home.menu"),
    )


def _is_receipt(turn):
    """Hand the photos over to the flow of receipts."""
    files = turn.data["files"]
    turn.leave()
    turn.go("receipt.pages", files=files)


def _try_again(turn):
    turn.leave()
    turn.go("scan.code")


FLOW = Flow(
    name="scan",
    actions={
        "begin": Action(
            do=_begin,
            label="scan.begin",
            typed=("scan", "сканувати", "скан", "зареєструвати", "сканировать"),
            menu=10,
        ),
    },
    steps={
        "code": Step(
            ask=_ask_code,
            takes={"text": _take_text, "photo": _look_later, "file": _look_later},
        ),
        "pin": Step(
            ask=_ask_pin, takes={"text": _take_pin}, presses={"skip_pin": _skip_pin}
        ),
        "unclear": Step(
            ask=_ask_what_it_is,
            takes={"text": _take_text, "photo": _look_later, "file": _look_later},
            presses={"is_receipt": _is_receipt, "try_again": _try_again},
        ),
    },
    notices=_notice,
    goes_on={"look": _look},
)
