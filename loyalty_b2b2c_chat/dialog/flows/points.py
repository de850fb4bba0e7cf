"""Balance and statement."""

from ..flow import Action, Flow


def _show_balance(turn):
    """Tell what can be spent, what is on the way, and what lapses when."""
    cards = turn.do("points.balance")
    if not cards:
        turn.say("points.none", *turn.dialog.get_menu(turn))
        return
    for card in cards:
        turn.tell(_get_card_text(turn, card))
    one = len(cards) == 1
    for card in cards:
        text = "" if one else turn.world.word("points.statement_of", **card)
        turn.add(turn.button("points.statement", value=card["id"], text=text))
    turn.add(turn.button("home.menu"))


def _get_card_text(turn, card):
    """Return a card of the page as lines."""
    word = turn.world.word
    lines = [card["title"], word("points.available", **card)]
    if card["worth"]:
        lines.append(f"= {card['worth']}")
    if card["pending"]:
        lines.append(word("points.pending", **card))
        lines += (f"• {line}" for line in card["pending_details"])
    if card["held"]:
        lines.append(word("points.held", **card))
    lines += [card["debt"], *card["expiring"]]
    return "\n".join(line for line in lines if line)


def _show_statement(turn):
    """Show the latest movements of an account, or of the only one."""
    _show_page(turn, turn.do("points.statement", account=turn.value))


def _show_older(turn):
    _show_page(turn, turn.do("points.older", entry=turn.value))


def _show_page(turn, page):
    rows = [_get_row_text(row) for row in page["rows"]]
    if not rows:
        turn.say("points.no_rows", turn.button("points.balance"))
        return
    turn.tell("\n\n".join([page["title"], *rows]))
    if page["older"]:
        turn.add(turn.button("points.older", value=page["older"]))
    turn.add(turn.button("points.balance"), turn.button("home.menu"))


def _get_row_text(row):
    """Return a document as lines: which, how much, what became of it, and why."""
    story = row["story"]
    steps = [f"{one['day']} · {one['title']} · {one['amount']}" for one in story]
    lines = [
        f"{row['day']} · {row['title']} · {row['amount']}",
        row["pending"],
        *(steps if len(steps) > 1 else [row["what"]]),
        *story[-1]["why"],
    ]
    return "\n".join(line for line in lines if line)


FLOW = Flow(
    name="points",
    actions={
        "balance": Action(
            do=_show_balance,
            label="points.balance",
            typed=("balance", "points", "баланс", "бали", "баллы"),
            menu=30,
        ),
        "statement": Action(
            do=_show_statement,
            label="points.statement",
            typed=("statement", "history", "виписка", "історія", "история"),
            menu=31,
        ),
        "older": Action(do=_show_older, label="points.older"),
    },
)
