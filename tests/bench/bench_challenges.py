"""A contest of 10,000 people with 1,000,000 scores: its ranking, and what one sees.

The ranking is folded from the scores as its scheduled action does.  One participant,
signed in on the portal, asks in turns for the page of tasks, with the own standing on
it, and for the page of rewards.
"""

import os
import time

from bench_storefront import compare as compare_pages
from harness import at_most, limit, median, note, workers

from tools.web_client import Session

PEOPLE = int(os.environ.get("B2B2C_BENCH_PEOPLE", "10000"))
SCORES = 100 * PEOPLE
SECONDS = 10
READERS = 60
BAR = 1.5
LOGIN, PASSWORD = "contestant", "a-bench-password"


def run(ctx):
    """Rows: seconds of a folding, and of reading one standing."""
    with ctx.fresh_database() as database, workers(database) as [worker]:
        worker.call("bench_challenges.prepare", people=PEOPLE, scores=SCORES)
        first = worker.call("bench_challenges.fold")
        again = worker.call("bench_challenges.fold")
        differences = worker.call("bench_challenges.compare")
        own = worker.call("bench_challenges.read")
        with ctx.odoo_server(database, workers=2) as server:
            session = Session(server.url, database, LOGIN, PASSWORD)
            tasks, rewards = compare_pages(session, "/my/rewards/tasks", "/my/rewards")
    return [
        limit(f"{SCORES:,} scores of {PEOPLE:,} people folded: s", first,
              f"<= {SECONDS}", first <= SECONDS),
        note("  once more: s", again),
        at_most("page of tasks against page of rewards: ms", median(tasks),
                median(rewards), BAR),
        note("  of it the own score, place and what counted: ms", 1000 * median(own)),
        limit("places that differ from plain SQL", differences, "= 0",
              not differences),
    ]  # fmt: skip


# === IN THE WORKER === #


def prepare(registry, people, scores):
    """Enroll people by SQL, start a contest and give each of them scores."""
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        shop.open_shop(env)
        contact = shop.create_client(env, "Shop")
        shop.create_members(env, contact, 1)
        program = shop.create_rules(env, env["product.product"].search([], limit=10))
        today = env.cr.now().date()
        contest = env["b2b2c.challenge"].create(
            {
                "name": "Contest",
                "kind": "contest",
                "program_id": program.id,
                "first_day": today.replace(day=1),
                "last_day": today.replace(year=today.year + 1, day=1),
                "prize_ids": [(0, 0, {"place_from": 1, "points": 1})],
            }
        )
        contest.action_start()
        member = env["b2b2c.member"].search([], order="id", limit=1)
        shop.open_portal(env, member, LOGIN, PASSWORD)
        env.flush_all()
        _copy_people(env, people)
        cursor.execute(
            """
            INSERT INTO b2b2c_challenge_score
                   (challenge_id, round_id, company_id, member_id, document_model,
                    document_id, document_name, line_key, occurred_at, delta,
                    learned_at, recorded_at, source_key)
            SELECT r.challenge_id, r.id, r.company_id, m.id, 'sale.order', n.n,
                   'S' || n.n, 'sale.order.line,' || n.n, r.date_from,
                   1 + (n.n * 7919 + m.number * 31) %% 97,
                   r.date_from + n.n * interval '1 second',
                   r.date_from + n.n * interval '1 second',
                   n.n || '|' || m.id
              FROM b2b2c_challenge_round r,
                   (SELECT *, row_number() OVER (ORDER BY id) AS number
                      FROM b2b2c_member) m,
                   generate_series(1, %s) AS n (n)
             WHERE r.challenge_id = %s
            """,
            [scores // people, contest.id],
        )
        cursor.commit()
        cursor.execute("ANALYZE b2b2c_challenge_score; ANALYZE b2b2c_member")
        cursor.commit()


def _copy_people(env, people):
    """Enroll as many people as are missing, each like the first one."""
    cursor = env.cr
    cursor.execute("SELECT * FROM b2b2c_member ORDER BY id LIMIT 1")
    names = [column.name for column in cursor.description]
    own = {"id", "partner_id", "code", "contact_id"}
    copied = [name for name in names if name not in own]
    columns = ", ".join(f'"{name}"' for name in copied)
    persons = env["res.partner"].create([{"name": f"P{n}"} for n in range(1, people)])
    env.flush_all()
    cursor.execute(
        f"INSERT INTO b2b2c_member (partner_id, code, {columns})"
        f" SELECT p.id, 'bench-' || p.id, {columns} FROM b2b2c_member m,"
        " unnest(%s) AS p (id) WHERE m.id = (SELECT min(id) FROM b2b2c_member)",
        [persons.ids],
    )


def fold(registry):
    """Fold the standings; seconds."""
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        round_ = env["b2b2c.challenge.round"].search([], limit=1)
        begin = time.perf_counter()
        round_._fold()
        cursor.commit()
        return time.perf_counter() - begin


def read(registry):
    """Seconds of reading the own standing of some people, from a cold cache."""
    import shop

    taken = []
    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        round_ = env["b2b2c.challenge.round"].search([], limit=1)
        for member in env["b2b2c.member"].search([], limit=READERS):
            env.invalidate_all()
            begin = time.perf_counter()
            board = round_._get_board(member)
            (board["top"] | board["around"]).member_id.mapped("name")
            round_._get_scores(member)
            round_._get_counted_rows(member, 10)
            taken.append(time.perf_counter() - begin)
    return taken


def compare(registry):
    """How many places are not those of plain SQL."""
    with registry.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM (
                SELECT member_id, rank() OVER (ORDER BY sum(delta) DESC) AS rank,
                       sum(delta) AS score
                  FROM b2b2c_challenge_score GROUP BY member_id) plain
         FULL JOIN b2b2c_challenge_standing s USING (member_id)
             WHERE (plain.rank, plain.score) IS DISTINCT FROM (s.rank, s.score)
            """
        )
        return cursor.fetchone()[0]
