"""S1.25, S1.26: certificates of partners, with codes of their own or one for all.

Nina, the salesperson of "S1", has some points; a cinema ticket takes 2 of them, a
discount at the café takes nothing.
"""

import base64
import html
import re

from book import scene

from tools.web_client import Refused, Session

STORE = "/my/rewards/store"
REQUESTS = "/my/rewards/requests"
FILE = (
    "Code;PIN\nKINO-7731-AAAA;0042\nKINO-7732-BBBB;0043\n=1+1;\nKINO-7731-AAAA;0042\n"
)


@scene("S1.25")
def test_import(story):
    """a manager takes over a cinema's codes"""
    manager = story.as_user("manager")
    cinema = _create(manager, "res.partner", name="Cinema Kyiv", is_company=True)
    pool = story.memory["pool"] = _create(
        manager,
        "b2b2c.voucher.pool",
        name="Cinema ticket",
        partner_id=cinema,
        value=10,
        low_stock=1,
        instructions="Show it at the box office.",
    )
    for times in ("imports the file", "imports the same file again"):
        file = _create(
            manager,
            "b2b2c.voucher.import",
            name="kino.csv",
            pool_id=pool,
            upload=base64.b64encode(FILE.encode()).decode(),
        )
        manager.call("b2b2c.voucher.import", "action_import", [file])
        row = manager.read("b2b2c.voucher.import", file, "added_count", "report")
        expected = {
            "imports the file": "2 added; Rows with a formula instead of a text: 1 "
            "(row 4) Codes that stand twice in the file: 1 (row 5)",
            "imports the same file again": "0 added; Rows with a formula instead of a "
            "text: 1 (row 4) Codes that were imported before: 3 (row 2, 3, 5)",
        }
        story.show(
            "S1.25",
            times,
            f"{row['added_count']} added; {' '.join(row['report'].split())}",
            expected[times],
        )
    story.show(
        "S1.25",
        "asks for the code of a row all the same",
        _try(manager, "b2b2c.voucher", "search_read", [], ["code_sealed"]),
        "refused",
    )


@scene("S1.25")
def test_certificate(story):
    """she swaps points for a ticket"""
    manager, nina = story.as_user("manager"), story.as_user("nina")
    reward = _create(
        manager,
        "b2b2c.reward",
        name="Cinema ticket",
        points=2,
        kind="voucher",
        voucher_pool_id=story.memory["pool"],
    )
    before = _get_usable(story)
    form = _form(story, reward)
    for _click in range(2):
        answer = _send(story, reward, form)
    said = re.search(r"Done: .*? 2 pts were spent on it", _text(answer))
    story.show(
        "S1.25",
        "gets a ticket for 2 points, sent twice by her phone",
        f"{said[0] if said else answer.status_code}, {_get_usable(story) - before:g}",
        "Done: Cinema ticket is yours. 2 pts were spent on it, -2",
    )
    request = story.memory["request"] = _get_request(story, reward)
    page = f"{story.url}{REQUESTS}/{request}/voucher"
    opened = nina.http.get(page, timeout=60)
    shown = _show(nina, page)
    story.show(
        "S1.25",
        "opens the page, then taps: only now the code is there, and nobody keeps it",
        f"{'KINO' in opened.text}, {_find_code(shown)}, "
        f"{shown.headers['Cache-Control']}",
        "False, KINO-7731-AAAA with PIN 0042, no-store",
    )
    ihor = story.as_user("ihor")
    story.show(
        "S1.25",
        "the shop's owner tries the same address",
        ihor.http.get(page, timeout=60).status_code,
        404,
    )


@scene("S1.25")
def test_book(story):
    """what the company can prove"""
    manager = story.as_user("manager")
    showings = manager.call(
        "b2b2c.voucher.showing",
        "search_read",
        [("redemption_id", "=", story.memory["request"])],
        ["user_id"],
    )
    names = ("all_count", "free_count", "given_count", "shown_count", "is_low")
    pool = manager.read("b2b2c.voucher.pool", story.memory["pool"], *names)
    story.show(
        "S1.25",
        "who saw the code; codes in the pool, left, given, shown",
        f"{len(showings)} time, by {showings[0]['user_id'][1]}; "
        + ", ".join(f"{pool[name]:d}" for name in names[:-1]),
        "1 time, by Nina Tkachenko; 2, 1, 1, 1",
    )
    manager.call("b2b2c.redemption", "action_send_voucher", [story.memory["request"]])
    _run_cron(story, "cron_voucher_watch")
    told = manager.call(
        "b2b2c.notification", "search_read", [("kind", "=", "voucher")], ["headline"]
    )
    alerts = manager.call(
        "mail.activity",
        "search_read",
        [("res_model", "=", "b2b2c.voucher.pool")],
        ["summary"],
    )
    story.show(
        "S1.25",
        "sends it to her again, without the code; is told that few are left",
        f"{told[0]['headline']}; {alerts[0]['summary']}",
        "Your voucher: Cinema ticket; Codes left: 1",
    )


@scene("S1.26")
def test_free_discount(story):
    """a partner's discount that takes nothing but a limit"""
    manager, nina = story.as_user("manager"), story.as_user("nina")
    cafe = _create(manager, "res.partner", name="Café Lviv", is_company=True)
    pool = _create(
        manager,
        "b2b2c.voucher.pool",
        name="10 % at the café",
        partner_id=cafe,
        kind="shared",
        shared_code="FRIENDS10",
    )
    reward = _create(
        manager,
        "b2b2c.reward",
        name="10 % at the café",
        price_kind="free",
        points=0,
        member_limit=1,
        kind="voucher",
        voucher_pool_id=pool,
    )
    before = _get_usable(story)
    _send(story, reward, _form(story, reward))
    request = _get_request(story, reward)
    shown = _show(nina, f"{story.url}{REQUESTS}/{request}/voucher")
    story.show(
        "S1.26",
        "takes the discount of the café: one code for everybody, no points",
        f"{'FRIENDS10' in shown.text}, {_get_usable(story) - before:g} pts",
        "True, 0 pts",
    )
    again = nina.http.get(f"{story.url}{STORE}/{reward}", timeout=60)
    said = re.search(r"You have had all you can have of it[^.]*", _text(again))
    story.show(
        "S1.26",
        "looks at it again",
        said[0] if said else _text(again),
        "You have had all you can have of it: 1 in total",
    )


# === HELPERS === #


def _create(session, model, **values):
    [record] = session.call(model, "create", [values])
    return record


def _try(session, *call):
    """Return "refused", or what a call returned."""
    try:
        return session.call(*call)
    except Refused:
        return "refused"


def _form(story, reward):
    """Return what the form of the confirm page sends."""
    address = f"{story.url}{STORE}/{reward}/confirm?quantity=1"
    page = story.as_user("nina").http.get(address, timeout=60).text
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def _send(story, reward, form):
    address = f"{story.url}{STORE}/{reward}/request"
    return story.as_user("nina").http.post(address, data=form, timeout=60)


def _show(nina, page):
    """Tap the button on the page of a voucher."""
    token = re.search(
        r'name="csrf_token" value="(\w+)"', nina.http.get(page, timeout=60).text
    )
    return nina.http.post(f"{page}/show", data={"csrf_token": token[1]}, timeout=60)


def _find_code(answer):
    found = re.search(r"(KINO-\w+-\w+) .*?PIN (\d+)", _text(answer))
    return f"{found[1]} with PIN {found[2]}" if found else answer.status_code


def _text(response):
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.text, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(text))


def _get_request(story, reward):
    """Return the id of Nina's request for a reward."""
    manager = story.as_user("manager")
    [request] = manager.search("b2b2c.redemption", [("reward_id", "=", reward)])
    return request


def _get_usable(story):
    """Return what Nina can spend."""
    manager = story.as_user("manager")
    [account] = manager.search(
        "b2b2c.account", [("member_id", "=", manager.demo("member_nina"))]
    )
    names = "balance_available"
    return manager.read("b2b2c.account", account, names)[names]


def _run_cron(story, name):
    """Run a scheduled action, as an administrator can."""
    admin = Session(story.url, story.database, "admin", "admin")
    _model, cron = admin.call(
        "ir.model.data", "check_object_reference", "loyalty_b2b2c", name
    )
    admin.call("ir.cron", "method_direct_trigger", [cron])
