"""The last points and the last piece of a reward are had once, over HTTP (R4)."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import world
from controls import replace_methods
from servers import forked

from tools import odoo_env
from tools.web_client import Refused, Session

CLIENTS = 8
WORKERS = 4
ROUNDS = 10
PRICE = 10
PASSWORD = "password-of-the-last-reward"
STORE = "/my/rewards/store"


def prepare(database):
    """Make 8 people with a login, and rewards of 10 points with one piece each.

    :return: ids of the members and of the rewards
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=CLIENTS)
        for number, member in enumerate(made.members):
            env["res.users"].with_context(no_reset_password=True).create(
                {
                    "login": f"member{number}",
                    "password": PASSWORD,
                    "partner_id": member.partner_id.id,
                    "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
                }
            )
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": "Officer",
                "login": "officer",
                "password": PASSWORD,
                "group_ids": [(6, 0, env.ref("loyalty_b2b2c.group_officer").ids)],
            }
        )
        rewards = env["b2b2c.reward"].create(
            [
                {"name": name, "points": PRICE, "is_limited": limited, "stock": 1}
                for name, limited in (
                    ("Many", False),
                    *((f"One {number}", True) for number in range(ROUNDS)),
                )
            ]
        )
        return made.members.ids, rewards.ids


def give(database, member_ids, lap):
    """Credit everybody exactly the price."""
    with odoo_env.open_environment(database) as env:
        unit = env.ref("loyalty_b2b2c.unit_points")
        for member in env["b2b2c.member"].browse(member_ids):
            account = member._get_account(unit)
            account._earn(PRICE, source_key=f"gift/{member.id}/{lap}")


class Crowd:
    """Browsers that send together.

    :param urls: addresses of servers; the browsers are spread over them
    """

    def __init__(self, urls, database, logins):
        self.sessions = [
            Session(urls[number % len(urls)], database, login, PASSWORD)
            for number, login in enumerate(logins)
        ]
        self.pool = ThreadPoolExecutor(len(logins))

    def together(self, function):
        """Return ``function(session, number)`` of everybody, started at once."""
        barrier = Barrier(len(self.sessions))

        def go(session, number):
            barrier.wait(60)
            return function(session, number)

        return [*self.pool.map(go, self.sessions, range(len(self.sessions)))]


def request(session, reward_id, key):
    """Request a reward as the confirm page's form does; return the HTTP status."""
    if not hasattr(session, "token"):
        page = session.http.get(session.url + STORE, timeout=60).text
        session.token = re.search(r'csrf_token: "(\w+)"', page)[1]
    form = {"csrf_token": session.token, "key": key, "price": str(PRICE)}
    return session.http.post(
        f"{session.url}{STORE}/{reward_id}/request",
        data=form,
        timeout=120,
        allow_redirects=False,
    ).status_code


def race_for_points(urls, database, members, reward, rounds):
    """One person in 8 browsers, points for one piece; return the statuses per round."""
    crowd = Crowd(urls, database, ["member0"] * CLIENTS)
    told = []
    for lap in range(rounds):
        give(database, members[:1], f"points/{lap}")
        told.append(
            crowd.together(
                lambda one, number, lap=lap: request(one, reward, f"{lap}/{number}")
            )
        )
    return told


def race_for_pieces(urls, database, members, rewards):
    """8 persons with points enough, one piece; return the statuses per round."""
    crowd = Crowd(urls, database, [f"member{number}" for number in range(CLIENTS)])
    told = []
    for lap, reward in enumerate(rewards):
        give(database, members, f"pieces/{lap}")
        told.append(
            crowd.together(lambda one, _number, r=reward: request(one, r, f"piece/{r}"))
        )
    return told


def same_request(urls, database, members, reward):
    """One person sends one form 8 times at once; return the statuses."""
    crowd = Crowd(urls, database, ["member0"] * CLIENTS)
    give(database, members[:1], "same")
    return crowd.together(lambda one, _number: request(one, reward, "same"))


def decide(urls, database, request_ids):
    """4 officers fulfil and 4 refuse each request at once; return who succeeded."""
    crowd = Crowd(urls, database, ["officer"] * CLIENTS)

    def press(session, number, request_id):
        try:
            if number % 2:
                session.call("b2b2c.redemption", "action_fulfil", [request_id])
            else:
                [wizard] = session.call(
                    "b2b2c.redemption.refuse",
                    "create",
                    [{"redemption_ids": [request_id], "note": "No"}],
                )
                session.call("b2b2c.redemption.refuse", "action_refuse", [wizard])
        except Refused:
            return None
        return "fulfilled" if number % 2 else "refused"

    return [
        {*crowd.together(lambda s, n, r=request_id: press(s, n, r))} - {None}
        for request_id in request_ids
    ]


def figures(database):
    """Return (requests per state, most pieces of a limited reward, posted, held)."""
    states = dict(
        world.query(
            database, "SELECT state, count(*) FROM b2b2c_redemption GROUP BY state"
        )
    )
    [(pieces,)] = world.query(
        database,
        """SELECT coalesce(max(pieces), 0) FROM (
               SELECT sum(q.quantity) AS pieces FROM b2b2c_redemption q
                 JOIN b2b2c_reward r ON r.id = q.reward_id
                WHERE r.is_limited AND q.state IN ('requested', 'fulfilled')
             GROUP BY r.id) t""",
    )
    [(posted, held)] = world.query(
        database,
        "SELECT sum(points), sum(points_held) FROM b2b2c_ledger_entry",
    )
    return states, pieces, posted, held


def test_last_points_and_last_piece_are_had_once(database, report):
    members, (many, *single) = prepare(database)
    started = time.monotonic()
    with forked(database, WORKERS) as urls:
        points = race_for_points(urls, database, members, many, ROUNDS)
        pieces = race_for_pieces(urls, database, members, single)
        repeated = same_request(urls, database, members, many)
        ids = [
            row[0]
            for row in world.query(
                database,
                "SELECT id FROM b2b2c_redemption ORDER BY id LIMIT %s",
                [ROUNDS],
            )
        ]
        decided = decide(urls, database, ids)
    rounds = points + pieces
    report(
        "last reward",
        rounds=len(rounds),
        clients=CLIENTS,
        overspent=sum(told.count(303) > 1 for told in rounds),
        unspent=sum(told.count(303) < 1 for told in rounds),
        unanswered=sum(
            told.count(code) for told in rounds for code in {*told} - {303, 400}
        ),
        same_form=repeated.count(303),
        decided_once=sum(len(outcome) == 1 for outcome in decided),
        seconds=f"{time.monotonic() - started:.0f}",
    )
    assert all(told.count(303) == 1 for told in rounds), rounds
    assert all({*told} == {303, 400} for told in rounds), rounds
    assert repeated == [303] * CLIENTS
    assert all(len(outcome) == 1 for outcome in decided), decided
    states, most, posted, held = figures(database)
    assert sum(states.values()) == 2 * ROUNDS + 1
    assert states.get("fulfilled", 0) + states.get("refused", 0) == ROUNDS
    assert most == 1
    assert held == PRICE * states["requested"]
    # everybody's gifts, less what was fulfilled
    gifts = ROUNDS + ROUNDS * CLIENTS + 1
    assert posted == PRICE * (gifts - states.get("fulfilled", 0))
    assert world.problems(database) == []


def look_first(registry):
    """What looks safe and is not: see that enough is left, then take it."""
    from test_last_points import lock_without_update

    lock_without_update(registry)

    def take_stock(self, quantity):
        taken = self.env["b2b2c.redemption"].search_count(
            [("reward_id", "=", self.id), ("state", "=", "requested")]
        )
        if self.is_limited and taken > self.stock:  # the own one is there already
            return None
        time.sleep(0.3)
        return self.is_limited

    replace_methods(registry["b2b2c.reward"], _take_stock=take_stock)


def test_control_looking_first_is_no_guard(database, report):
    world.query(
        database,
        "ALTER TABLE b2b2c_account DROP CONSTRAINT b2b2c_account_never_negative",
    )
    members, (many, *single) = prepare(database)
    with forked(database, WORKERS, look_first) as urls:
        points = race_for_points(urls, database, members, many, 2)
        pieces = race_for_pieces(urls, database, members, single[:2])
    report(
        "last reward, looked first",
        points_overspent=sum(told.count(303) > 1 for told in points),
        pieces_overspent=sum(told.count(303) > 1 for told in pieces),
    )
    assert any(told.count(303) > 1 for told in points), points
    assert any(told.count(303) > 1 for told in pieces), pieces
    assert world.problems(database), "the audit did not notice it"
