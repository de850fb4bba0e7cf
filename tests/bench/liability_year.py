"""A year of points of the retail data set, month by month, in a worker process.

The clock of the process is moved; the oracle is plain SQL over both ledgers.
"""

import time
from datetime import date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal

import shop
from freezegun import freeze_time

#: The data set's participants earn from August 2017 to January 2018; what they do not
#: spend lapses three months later.
BEGIN = date(2017, 8, 1)
LOCKED, REVALUED, ESTIMATED, REVERSED = 8, 6, 4, 10  # in which month


def open_books(registry):
    """Let the company show what it owes, and a fake payout spend by itself."""
    from odoo.tools import SQL

    from odoo.addons.loyalty_b2b2c.models.liability.b2b2c_liability_run import (
        B2b2cLiabilityRun,
    )

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        owed, cost, bank = env["account.account"].create(
            [
                {"name": "Owed", "code": "289999", "account_type": "liability_current"},
                {"name": "Cost", "code": "689999", "account_type": "expense"},
                {"name": "Paid Out", "code": "189999", "account_type": "asset_current"},
            ]
        )
        company = env.company
        company.b2b2c_liability_account_id = owed
        company.b2b2c_liability_cost_account_id = cost
        for unit in env["b2b2c.unit"].search([]):
            unit.point_value = 0.0133
        unit_id = env.ref("loyalty_b2b2c.unit_points").id

    def get_documents(self):
        query = SQL(
            "SELECT l.id AS line_id, %s AS unit_id FROM account_move_line l"
            " JOIN account_move m ON m.id = l.move_id WHERE m.ref = 'PAYOUT'",
            unit_id,
        )
        return {"fake": ("Payouts", query)}

    B2b2cLiabilityRun._get_liability_documents = get_documents
    return {"owed": owed.id, "cost": cost.id, "bank": bank.id}


def live_month(registry, number):
    """Live through a month and post its end; what differs then, see `_compare`."""
    middle = datetime.combine(_month_begin(number).replace(day=20), clock(12))
    with freeze_time(middle, tick=True):
        with registry.cursor() as cursor:
            _change(shop.superuser(cursor), number)
        with registry.cursor() as cursor:
            _move_points(shop.superuser(cursor), number, middle)
    after = _month_end(number) + timedelta(days=2)
    with freeze_time(datetime.combine(after, middle.time()), tick=True):
        if number == LOCKED:
            with registry.cursor() as cursor:
                company = shop.superuser(cursor).company
                company.fiscalyear_lock_date = _month_end(number)
        return _post(registry, _month_end(number))


def close(registry):
    """Post what happened since: what the data set took back was booked today."""
    with registry.cursor() as cursor:
        today = shop.superuser(cursor).cr.now().date()
    return _post(registry, today)


def count(registry):
    """Number of entries that moved points, by kind."""
    with registry.cursor() as cursor:
        cursor.execute(
            "SELECT entry_type, count(*) FROM b2b2c_ledger_entry"
            " WHERE points <> 0 OR points_held <> 0 GROUP BY 1 ORDER BY 1"
        )
        return dict(cursor.fetchall())


def _change(env, number):
    """Change what points are worth, and undo an entry."""
    if number == REVALUED:
        env.ref("loyalty_b2b2c.unit_points").point_value = 0.0151
    if number == ESTIMATED:
        env["b2b2c.program"].search([]).write({"expected_expiry": 12.5})
    if number == REVERSED:
        run = env["b2b2c.liability.run"]._get_last(env.company)
        run.journal_entry_id._reverse_moves([{"date": date.today()}], cancel=True)


def _move_points(env, number, at):
    """Let points lapse, be spent, set aside, paid out and given back; some late."""
    accounts = env["b2b2c.account"].search([], order="id")
    had = _read_had(env, at)
    late = at - timedelta(days=40)
    for place, account in enumerate(accounts):
        account._expire()
        points = int(min(had.get(account.id, 0), account.balance_available) * 0.3)
        if points < 2:
            continue
        key = f"year/{number}/{account.id}"
        spent = account._redeem(points // 2, source_key=key)
        held = account._reserve(points // 2, source_key=f"{key}/held")
        match place % 4:
            case 0:
                account._capture(held)
            case 1:
                account._release(held)
            case 2:
                account._capture(held, held.points_held / 2)
        if place % 5 == 0:
            account._reverse(spent, spent.points / -2, reason="Came back")
        if place % 7 == 0:
            account._earn(7, source_key=f"{key}/late", effective_at=late)
        is_points = account.unit_id == env.ref("loyalty_b2b2c.unit_points")
        if place % 3 == 0 and is_points and not place % 5 == 0:
            _pay_out(env, points // 2)


def _read_had(env, at):
    """Account id -> points it had at a moment: all of the year is booked already."""
    env.cr.execute(
        "SELECT account_id, sum(points - points_held) FROM b2b2c_ledger_entry"
        " WHERE effective_at <= %s GROUP BY 1 HAVING sum(points - points_held) > 0",
        [at],
    )
    return dict(env.cr.fetchall())


def _pay_out(env, points):
    """Post what a payout of points would: what is owed falls by it."""
    amount = env.company.currency_id.round(
        points * env.ref("loyalty_b2b2c.unit_points").point_value
    )
    owed = env.company.b2b2c_liability_account_id
    bank = env["account.account"].search([("code", "=", "189999")])
    env["account.move"].create(
        {
            "ref": "PAYOUT",
            "date": date.today(),
            "line_ids": [
                (0, 0, {"account_id": owed.id, "balance": amount}),
                (0, 0, {"account_id": bank.id, "balance": -amount}),
            ],
        }
    )._post()


def _post(registry, day):
    begin = time.perf_counter()
    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        run = env["b2b2c.liability.run"]._prepare(env.company, day)
        run._post()
    seconds = time.perf_counter() - begin
    with registry.cursor() as cursor:
        return {"seconds": seconds, **_compare(shop.superuser(cursor), run.id, day)}


def _compare(env, run_id, day):
    """Compare a run with both ledgers, by plain SQL.

    :return: what the general ledger shows and what is owed differ by, and the points of
        the run and of the entries; sums of absolute values.  What it said itself, too
    """
    env.cr.execute(
        """
        SELECT unit_id, sum(points)::text FROM b2b2c_ledger_entry
         WHERE effective_at < %s GROUP BY 1
        """,
        [day + timedelta(days=1)],
    )
    entries = {unit: Decimal(points) for unit, points in env.cr.fetchall()}
    env.cr.execute(
        """
        SELECT l.unit_id, sum(l.points)::text,
               sum(round(l.points * (u.point_value->>l.company_id::text)::numeric
                         * (100 - coalesce(p.expected_expiry, 0)) / 100, 2))::text
          FROM b2b2c_liability_line l JOIN b2b2c_unit u ON u.id = l.unit_id
     LEFT JOIN b2b2c_program p ON p.id = l.program_id
         WHERE run_id = %s GROUP BY 1
        """,
        [run_id],
    )
    told = env.cr.fetchall()
    points = sum(
        abs(entries.pop(unit, 0) - Decimal(said)) for unit, said, _owed in told
    ) + sum(map(abs, entries.values()))
    owed = sum(Decimal(amount) for _unit, _points, amount in told)
    env.cr.execute(
        """
        SELECT coalesce(-sum(l.balance), 0)::text,
               coalesce(-sum(l.balance) FILTER (WHERE m.ref = 'PAYOUT'), 0)::float
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id AND m.state = 'posted'
          JOIN account_account a ON a.id = l.account_id
         WHERE a.id = %s
        """,
        [env.company.b2b2c_liability_account_id.id],
    )
    balance, documents = env.cr.fetchone()
    checks = env["b2b2c.liability.check"].search([("run_id", "=", run_id)])
    return {
        "difference": float(abs(Decimal(balance) - owed))
        + sum(abs(check.difference) for check in checks),
        "points": float(points),
        "owed": float(owed),
        "documents": documents,
    }


def _month_begin(number):
    """Return the first day of a month, the first one being number 1."""
    months = BEGIN.month - 1 + number - 1
    return date(BEGIN.year + months // 12, months % 12 + 1, 1)


def _month_end(number):
    return _month_begin(number + 1) - timedelta(days=1)
