"""The own code, to be shown at a counter."""

from ..flow import Action, Flow


def _show_card(turn):
    """Send the code as a picture, one per company."""
    cards = turn.do("card.show")
    if not cards:
        turn.say("card.none")
        return
    for card in cards:
        caption = turn.world.word("card.caption", **card)
        turn.show("card", card["picture"], key=card["key"], text=caption)
    turn.add(turn.button("points.balance"), turn.button("home.menu"))


FLOW = Flow(
    name="card",
    actions={
        "show": Action(
            do=_show_card,
            label="card.show",
            typed=("card", "code", "qr", "картка", "код", "мій код", "карта"),
            menu=32,
        ),
    },
)
