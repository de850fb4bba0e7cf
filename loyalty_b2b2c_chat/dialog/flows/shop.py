"""The shop of an owner: what arrived, what it earned, who works there, who waits."""

from ..flow import Action, Flow


def _show_goods(turn):
    """Tell what the shop received and what that brought."""
    rows = turn.do("shop.goods", page=turn.value)
    texts = [_get_delivery(turn, row) for row in rows["rows"]]
    if not texts:
        turn.say("shop.no_goods", [turn.button("shop.staff"), turn.button("home.menu")])
        return
    turn.say("shop.arrived", rows="\n\n".join(texts))
    if rows["older"]:
        turn.add(turn.button("shop.goods", "shop.older", value=rows["older"]))
    turn.add(turn.button("shop.staff"), turn.button("home.menu"))


def _get_delivery(turn, row):
    """Return a delivery as lines: when, from whom, what, and what it earned."""
    lines = [f"{row['day']} · {row['reference']} · {row['supplier']}"]
    lines += (f"• {product}: {quantity}" for product, quantity in row["lines"])
    points = " + ".join(row["points"])
    lines.append(
        turn.world.word("shop.earned", points=points)
        if points
        else turn.world.word("shop.earned_nothing")
    )
    return "\n".join(lines)


def _show_staff(turn):
    """Tell who works in the shop and who waits for the owner to agree."""
    shops = turn.do("shop.staff")
    if not shops:
        turn.say("shop.none")
        return
    for shop in shops:
        turn.say("shop.people", **_get_people(turn, shop))
        for waiting in shop["waiting"]:
            turn.say(
                "shop.waiting",
                [
                    turn.button("shop.approve", value=waiting["id"], once=True),
                    turn.button("shop.refuse", value=waiting["id"], once=True),
                ],
                **waiting,
            )
        turn.add(turn.button("shop.invite", value=shop["owner"]))
    turn.add(turn.button("shop.goods"), turn.button("home.menu"))


def _get_people(turn, shop):
    word = turn.world.word
    rows = [
        word("shop.person", **{**row, "month": " + ".join(row["month"])})
        for row in shop["staff"]
    ]
    goods = [word("shop.scanned", **row) for row in shop["goods"]]
    return {"shop": shop["shop"], "staff": rows, "goods": goods}


def _approve(turn):
    turn.do("shop.decide", request=turn.value, approve=True)
    turn.say("shop.approved", [turn.button("shop.staff"), turn.button("home.menu")])


def _refuse(turn):
    turn.do("shop.decide", request=turn.value, approve=False)
    turn.say("shop.refused", [turn.button("shop.staff"), turn.button("home.menu")])


def _invite(turn):
    """Show the invitation of the shop: a link, and a code to scan."""
    invitation = turn.do("shop.invite", owner=turn.value)
    if not invitation:
        turn.say("shop.none")
        return
    text = turn.world.word("shop.invitation", **invitation)
    turn.show("invitation", invitation["picture"], text=text)
    turn.add(turn.button("shop.staff"), turn.button("home.menu"))


FLOW = Flow(
    name="shop",
    actions={
        "goods": Action(
            do=_show_goods,
            label="shop.goods",
            typed=("goods", "deliveries", "товар", "поставки", "товари"),
            menu=60,
        ),
        "staff": Action(
            do=_show_staff,
            label="shop.staff",
            typed=("staff", "shop", "персонал", "магазин", "команда"),
            menu=61,
        ),
        "approve": Action(do=_approve, label="shop.approve"),
        "refuse": Action(do=_refuse, label="shop.refuse"),
        "invite": Action(do=_invite, label="shop.invite"),
    },
)
