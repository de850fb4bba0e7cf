"""The dashboards over a ledger of a million entries."""

import time

from harness import limit, note, workers

ENTRIES = 1000000
ACCOUNTS = 5000
DAYS = 730
TAIL = 5000  # booked after the last folding
SECONDS = 2
PLAN_OF = "pivot by program"


def run(ctx):
    """Rows: seconds of each dashboard's first paint, full scans of the ledger."""
    with ctx.fresh_database() as database, workers(database) as [worker]:
        accounts = worker.call("credits.open_accounts", number=ACCOUNTS)
        seconds = worker.call("bench_dashboard.load", account_ids=accounts)
        ctx.say(f"{ENTRIES:,} entries booked in {seconds:.0f} s")
        folding = worker.call("bench_dashboard.fold")
        worker.call("credits.bulk", account_ids=accounts, number=TAIL, tag="tail")
        found = worker.call("bench_dashboard.measure")
    ctx.say(found["plan"])
    rows = [
        limit(f"{name}: s", seconds, f"<= {SECONDS}", seconds <= SECONDS)
        for name, seconds in found["seconds"].items()
    ]
    scans = found["scans"]
    return [
        *rows,
        limit("full scans of the ledger", scans, "= 0", scans == 0),
        limit("differences found", found["problems"], "= 0", not found["problems"]),
        note("folding 1,000,000 entries: s", folding),
        note("rows by day", found["days"]),
        note("rows by account", found["accounts"]),
    ]


# === IN THE WORKER === #


def load(registry, account_ids):
    """Write a ledger of five programs and two years by SQL; the seconds it took."""
    import shop

    begin = time.perf_counter()
    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        products = shop.open_shop(env)
        programs = [shop.create_rules(env, products) for _number in range(5)]
        rules = [(program.id, program.rule_ids[n].id)
                 for program in programs for n in range(4)]  # fmt: skip
        env.flush_all()
        cursor.execute(
            """
            WITH booked AS (
                INSERT INTO b2b2c_ledger_entry
                       (account_id, company_id, unit_id, entry_type, source_key,
                        award_key, program_id, rule_id, document_model, document_id,
                        points, points_pending, points_held, points_debt, points_lost,
                        basis, effective_at, recorded_at)
                SELECT a.id, a.company_id, a.unit_id, 'earn', 'bench/' || n,
                       'sale.order.line,' || n || '|r1|m1', r.program_id, r.rule_id,
                       'sale.order', n, n %% 50 + 1, 0, 0, 0, 0,
                       '{"member": 1, "trigger": "confirmed", "quantity": "1",
                         "amount": "500", "lines": [], "part": "1", "whole": "1",
                         "hold": "", "cause": ""}',
                       now() - (n %% %(days)s) * interval '1 day', now()
                  FROM generate_series(1, %(number)s) AS n
                  JOIN (SELECT id, company_id, unit_id, row_number() OVER () AS place
                          FROM b2b2c_account WHERE id = ANY(%(accounts)s)) a
                    ON a.place = n %% %(size)s + 1
                  JOIN (SELECT p.*, row_number() OVER () AS place
                          FROM unnest(%(programs)s, %(rules)s)
                               AS p (program_id, rule_id)) r
                    ON r.place = n %% %(variety)s + 1
             RETURNING id, account_id, points
            ), lots AS (
                INSERT INTO b2b2c_ledger_lot (account_id, entry_id, points, remaining)
                SELECT account_id, id, points, points FROM booked
            )
            INSERT INTO b2b2c_account_delta (account_id, entry_id, points,
                   points_pending, points_held, points_debt, points_lost)
            SELECT account_id, max(id), sum(points), 0, 0, 0, 0
              FROM booked GROUP BY account_id
            """,
            {
                "days": DAYS,
                "number": ENTRIES,
                "accounts": account_ids,
                "size": len(account_ids),
                "programs": [program for program, _rule in rules],
                "rules": [rule for _program, rule in rules],
                "variety": len(rules),
            },
        )
    _analyze(registry)
    return time.perf_counter() - begin


def fold(registry):
    """What the scheduled action does, a transaction per batch; the seconds it took."""
    import shop

    begin = time.perf_counter()
    folded = 1
    while folded:
        with registry.cursor() as cursor:
            folded = shop.superuser(cursor)["b2b2c.stat.range"]._fold()
    _analyze(registry)
    return time.perf_counter() - begin


def _analyze(registry):
    with registry.cursor() as cursor:
        for table in ("ledger_entry", "ledger_lot", "stat_day", "stat_account",
                      "stat_range"):  # fmt: skip
            cursor.execute(f"ANALYZE b2b2c_{table}")


def measure(registry):
    """Seconds of each first paint as the web client asks for it, and the proof."""
    import shop

    with registry.cursor() as cursor:
        env = shop.clerk(cursor)
        seconds = {}
        for name, paint in _paints(env).items():
            env.invalidate_all()
            begin = time.perf_counter()
            paint()
            seconds[name] = time.perf_counter() - begin
        cursor.execute(
            "SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_xact_user_tables "
            "WHERE relname = 'b2b2c_ledger_entry'"
        )
        scans = int(cursor.fetchone()[0])
        plan = _explain(env)
        problems = env["b2b2c.stat.range"].sudo()._verify()
        cursor.execute(
            "SELECT (SELECT count(*) FROM b2b2c_stat_day), "
            "(SELECT count(*) FROM b2b2c_stat_account)"
        )
        days, accounts = cursor.fetchone()
    return {
        "seconds": seconds, "scans": scans, "plan": plan, "problems": len(problems),
        "days": days, "accounts": accounts,
    }  # fmt: skip


def _paints(env):
    """The calls behind each screen, by name."""
    figures = [
        f"{name}:sum"
        for name in ("issued", "pending", "reversed", "spent", "expired", "outstanding")
    ]
    figures += ["liability:sum", "cost_rate:avg", "__count"]  # fmt: skip
    day, member = env["b2b2c.report.day"], env["b2b2c.report.member"]
    programs = env["b2b2c.program"].search([])
    shown = ["points_issued", "points_waiting", "points_spent", "liability"]

    def top(groupby):
        return lambda: member.web_read_group(
            [], [groupby], figures, limit=80, order="issued:sum desc"
        )

    def pivot():
        day.formatted_read_group([], [], figures)
        day.formatted_read_group([], ["program_id"], figures)

    return {
        PLAN_OF: pivot,
        "graph by month": lambda: day.formatted_read_group(
            [], ["day:month", "program_id"], ["issued:sum", "__count"]
        ),
        "top participants": top("member_id"),
        "top shops": top("employer_id"),
        "programs with their figures": lambda: programs.read(shown),
    }


def _explain(env):
    """The plan of the first paint's query."""
    query = env["b2b2c.report.day"]._search([])
    sql = query.select("program_id", "issued")
    env.cr.execute("EXPLAIN " + env.cr.mogrify(sql.code, sql.params).decode())
    return "\n".join(line for (line,) in env.cr.fetchall())
