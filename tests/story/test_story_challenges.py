"""S1.28, S1.30, S1.31: tasks and contests, from their terms to the last recount.

Four offices compete for a month by what they buy.  They order 40, 30, 20 and 10 boxes
of one price; after the month, while returns still count, 25 boxes of the first one are
credited: 30, 20, 15, 10.  Time
passes on further servers, whose clocks are ahead.
"""

import calendar
import contextlib
from datetime import timedelta

from book import scene, today

from tools import odoo_process, workspace
from tools.demo.company import PASSWORDS
from tools.web_client import Refused, Session

#: Office -> boxes it orders.
OFFICES = {"First Office": 40, "Second Office": 30, "Third Office": 20, "Fourth": 10}
PRIZES = (300, 200, 100)


@scene("S1.28")
def test_terms(story):
    """what cannot be is refused before anybody counts on it"""
    manager = story.as_user("manager")
    over = {"first_day": str(today()), "last_day": str(today() - timedelta(days=1))}
    story.show(
        "S1.28",
        "a contest that ends before it starts",
        _refusal(lambda: _create(manager, "Backwards", prizes=PRIZES, **over)),
        "The operation cannot be completed: The challenge ends before it starts: "
        "choose a later last day.",
    )
    [program] = manager.search("b2b2c.program", [("name", "=", "Office Club")])
    before = manager.read("b2b2c.program", program, "budget_points")["budget_points"]
    used = manager.read("b2b2c.program", program, "budget_used")["budget_used"]
    manager.call("b2b2c.program", "write", [program], {"budget_points": used + 599})
    rich = _create(manager, "Too Rich", prizes=PRIZES)
    said = _refusal(lambda: manager.call("b2b2c.challenge", "action_start", [rich]))
    manager.call("b2b2c.program", "write", [program], {"budget_points": before})
    story.show(
        "S1.28",
        "600 points of prizes, and 599 are left in the budget",
        said.split(",")[0] + " … " + said.split(". ")[-1],
        "The prizes of “Too Rich” can cost 600 pts … Raise the budget, or lower the "
        "prizes.",
    )
    manager.call("b2b2c.challenge", "unlink", [rich])


@scene("S1.30")
def test_thresholds(story):
    """ten boxes in a week are worth 50 points, twenty 30 more"""
    manager, sales = story.as_user("manager"), story.as_user("sales")
    _enroll_offices(story)
    task = _create(
        manager,
        "Twenty Boxes This Week",
        kind="target",
        moment="confirmed",
        recurrence="week",
        last_day=False,
        partner_tag_ids=[(6, 0, [story.memory["contest.tag"]])],
        prize_ids=[
            (0, 0, {"threshold": 10, "points": 50}),
            (0, 0, {"threshold": 20, "points": 30}),
        ],
    )
    manager.call("b2b2c.challenge", "action_start", [task])
    order = _order(story, "Fourth", 12)
    seen = [_prizes(story, task)]
    more = _order(story, "Fourth", 8)
    seen.append(_prizes(story, task))
    sales.call("sale.order", "action_cancel", [more])
    seen.append(_prizes(story, task))
    story.show(
        "S1.30",
        "12 boxes, 8 more, and these are cancelled",
        "; ".join(seen),
        "Fourth 50; Fourth 50, Fourth 30; Fourth 50",
    )
    sales.call("sale.order", "action_cancel", [order])
    story.show(
        "S1.30", "all of it is cancelled", _prizes(story, task) or "nothing", "nothing"
    )
    manager.call("b2b2c.challenge", "action_stop", [task])


@scene("S1.31")
def test_contest(story):
    """four offices compete for a month"""
    manager, sales = story.as_user("manager"), story.as_user("sales")
    first, last = _month()
    contest = story.memory["contest"] = _create(
        manager,
        "Boxes of the Month",
        prizes=PRIZES,
        metric="amount",
        first_day=str(first),
        last_day=str(last),
        partner_tag_ids=[(6, 0, [story.memory["contest.tag"]])],
    )
    manager.call("b2b2c.challenge", "action_start", [contest])
    invoices = story.memory["contest.invoices"] = {}
    for office, boxes in OFFICES.items():
        invoices[office] = sales.invoice(_order(story, office, boxes))
    [round_] = manager.search("b2b2c.challenge.round", [("challenge_id", "=", contest)])
    row = manager.read("b2b2c.challenge.round", round_, "state", "reserved_points")
    story.show(
        "S1.31",
        "it runs, and its prizes are reserved",
        f"{row['state']}, {row['reserved_points']:g} points",
        "running, 600 points",
    )


@scene("S1.31")
def test_returns_in_the_counting_days(story):
    """the month is over, and boxes come back while they still count"""
    _first, last = _month()
    with _days_later(story, (last - today()).days + 1) as people:
        _run_cron(people)
        seen = _get_state(story, people)
        _credit(people["sales"], story.memory["contest.invoices"]["First Office"], 25)
    story.show(
        "S1.31",
        "the day after the month; 25 of the first office's 40 boxes are credited then",
        seen,
        "counting: nothing",
    )


@scene("S1.31")
def test_final(story):
    """the result is seen, then final"""
    _first, last = _month()
    with _days_later(story, (last - today()).days + 4) as people:
        _run_cron(people)
        story.show(
            "S1.31",
            "three days later the result can be seen, and prizes wait",
            _get_state(story, people),
            "provisional: Second Office 300 waits, Third Office 200 waits, "
            "First Office 100 waits",
        )
    with _days_later(story, (last - today()).days + 7) as people:
        _run_cron(people)
        _run_cron(people)
        story.show(
            "S1.31",
            "after three days in which nobody found a mistake, the right three have "
            "their prizes",
            _get_state(story, people),
            "final: Second Office 300, Third Office 200, First Office 100",
        )


# === WHAT PEOPLE CALL === #


def _month():
    """Return the first and the last day of this month."""
    first = today().replace(day=1)
    days = calendar.monthrange(first.year, first.month)[1]
    return first, first.replace(day=days)


def _create(manager, name, prizes=(), **values):
    """Return the id of a challenge that a manager wrote."""
    first, last = _month()
    [program] = manager.search("b2b2c.program", [("name", "=", "Office Club")])
    lines = [
        (0, 0, {"place_from": place, "points": points})
        for place, points in enumerate(prizes, 1)
    ]
    return manager.call(
        "b2b2c.challenge",
        "create",
        [
            {
                "name": name,
                "kind": "contest",
                "program_id": program,
                "first_day": str(first),
                "last_day": str(last),
                "prize_ids": lines,
                **values,
            }
        ],
    )[0]


def _refusal(act):
    """Return what the server says instead of doing it."""
    try:
        act()
    except Refused as error:
        return str(error).strip().splitlines()[-1]
    return "it was done"


def _enroll_offices(story):
    """Let a person of each office take part."""
    manager = story.as_user("manager")
    [tag] = manager.call("res.partner.category", "create", [{"name": "Cup of Offices"}])
    story.memory["contest.tag"] = tag
    story.memory["contest.contacts"] = contacts = {}
    for number, office in enumerate(OFFICES):
        [company] = manager.call(
            "res.partner",
            "create",
            [{"name": office, "is_company": True, "category_id": [(6, 0, [tag])]}],
        )
        [contact, person] = manager.call(
            "res.partner",
            "create",
            [
                {"name": f"Buyer {number}", "parent_id": company},
                {"name": f"Buyer {number}", "email": f"b{number}@cup.example"},
            ],
        )
        manager.call(
            "b2b2c.member",
            "create",
            [{"partner_id": person, "employer_id": company, "contact_id": contact}],
        )
        contacts[office] = contact


def _order(story, office, boxes):
    """Return the id of a confirmed order of an office."""
    sales = story.as_user("sales")
    [paper] = sales.search("product.product", [("name", "=", "Paper A4, 80 g, box")])
    [order] = sales.call(
        "sale.order",
        "create",
        [
            {
                "partner_id": story.memory["contest.contacts"][office],
                "order_line": [(0, 0, {"product_id": paper, "product_uom_qty": boxes})],
            }
        ],
    )
    sales.call("sale.order", "action_confirm", [order])
    return order


def _credit(sales, invoice, boxes):
    """Post a credit note of some boxes of an invoice."""
    [journal] = sales.read("account.move", invoice, "journal_id")["journal_id"][:1]
    [wizard] = sales.call(
        "account.move.reversal",
        "create",
        [{"journal_id": journal, "reason": "Boxes came back"}],
        context={"active_model": "account.move", "active_ids": [invoice]},
    )
    sales.call("account.move.reversal", "refund_moves", [wizard])
    [note] = sales.search("account.move", [("reversed_entry_id", "=", invoice)])
    lines = sales.search(
        "account.move.line", [("move_id", "=", note), ("display_type", "=", "product")]
    )
    changes = [(1, line, {"quantity": boxes}) for line in lines]
    sales.call("account.move", "write", [note], {"invoice_line_ids": changes})
    sales.call("account.move", "action_post", [note])


def _get_awards(manager, challenge):
    """Return the prizes of a challenge, the oldest first, without those taken back."""
    return manager.call(
        "b2b2c.challenge.award",
        "search_read",
        [("challenge_id", "=", challenge), ("state", "!=", "taken")],
        ["employer_id", "points", "state"],
        order="points desc, id",
    )


def _prizes(story, challenge):
    """Return who has which prize of a challenge."""
    return ", ".join(
        f"{row['employer_id'][1]} {row['points']:g}"
        for row in _get_awards(story.as_user("manager"), challenge)
    )


def _get_state(story, people):
    """Return how far the contest is, and who has or sees which prize."""
    manager, contest = people["manager"], story.memory["contest"]
    [round_] = manager.search("b2b2c.challenge.round", [("challenge_id", "=", contest)])
    state = manager.read("b2b2c.challenge.round", round_, "state")["state"]
    prizes = ", ".join(
        f"{row['employer_id'][1]} {row['points']:g}"
        + (" waits" if row["state"] == "pending" else "")
        for row in _get_awards(manager, contest)
    )
    return f"{state}: {prizes or 'nothing'}"


@contextlib.contextmanager
def _days_later(story, days):
    """Let people work on a server whose clock is ahead."""
    server = odoo_process.start_server(
        workspace.from_environment(), story.database, days_later=days
    )
    try:
        yield {
            login: Session(server.url, story.database, login, password)
            for login, password in {**PASSWORDS, "admin": "admin"}.items()
            if login in ("sales", "manager", "admin")
        }
    finally:
        server.stop()


def _run_cron(people):
    """Let rounds go on, as the scheduled action does."""
    admin = people["admin"]
    _model, cron = admin.call(
        "ir.model.data",
        "check_object_reference",
        "loyalty_b2b2c",
        "cron_challenge",
    )
    admin.call("ir.cron", "method_direct_trigger", [cron])
