from . import (
    card,
    home,
    join,
    link,
    points,
    prefs,
    receipt,
    recommend,
    rewards,
    scan,
    shop,
    tasks,
)

#: The flows that come with the add-on: in this order they are asked whether they make
#: something of a message that nobody asked for. Each has its commands in ``commands``.
FLOWS = (
    home.FLOW,
    link.FLOW,
    join.FLOW,
    scan.FLOW,
    receipt.FLOW,
    points.FLOW,
    card.FLOW,
    rewards.FLOW,
    tasks.FLOW,
    recommend.FLOW,
    shop.FLOW,
    prefs.FLOW,
)
