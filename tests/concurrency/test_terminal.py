"""The counter under fire: two taps, one receipt at two tills, the last of a limit."""

import uuid
from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

TILLS = 6
ROUNDS = 20
LIMIT = 28  # operations an operator may record on a day; no multiple of TILLS
TAPS = 4


def get_terminal(env, login):
    """Return the service as an operator calls it."""
    user = env["res.users"].search([("login", "=", login)])
    return env(user=user)["b2b2c.terminal"]


def find(env, login):
    """Return the first participant's ticket for an operator."""
    [found] = get_terminal(env, login).search_member("member0@example.com")["members"]
    return found["ticket"]


def serve(env, login, ticket, sale, key):
    """Record a sale as an operator.

    :return: ``"new"``, ``"repeated"`` or the refusal
    """
    from odoo.exceptions import UserError

    try:
        result = get_terminal(env, login).record(ticket, sale, key)
    except UserError as error:
        env.cr.rollback()
        return str(error)
    return "repeated" if result["repeated"] else "new"


def tap(racer, key_of, login_of, sale_of, rounds):
    """Record once per round, all at the same moment; return what was answered."""
    answers, login = [], login_of(racer.number)
    ticket = racer.transact(partial(find, login=login))  # a request of its own
    for number in range(rounds):
        racer.wait()
        job = partial(
            serve,
            login=login,
            ticket=ticket,
            sale=sale_of(number, racer.number),
            key=key_of(number, racer.number),
        )
        answers.append(racer.transact(job, together=True))
    return answers


def prepare(database, operators, **limits):
    """A program of 5 %, a participant and operators with the given logins."""
    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        made._create_program({"trigger": "paid"}, notify=False)
        for login in operators:
            made._create_user(login, "loyalty_b2b2c.group_terminal")
        env.company.write(limits)


def get_key(seed, *parts):
    """Return a key of a request, the same for the same parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{seed}{parts}"))


def count(database):
    """Return (operations, documents, points booked)."""
    sql = """SELECT (SELECT count(*) FROM b2b2c_terminal_operation),
                    (SELECT count(*) FROM b2b2c_external_document),
                    (SELECT coalesce(sum(points), 0) FROM b2b2c_ledger_entry)"""
    return tuple(int(number) for number in world.query(database, sql)[0])


def one_key(number, _racer):
    return get_key("tap", number)


def own_key(number, racer):
    return get_key("till", number, racer)


def test_taps_at_once_record_once(database, report):
    from race import race

    prepare(database, ["cashier"])
    job = partial(
        tap,
        key_of=one_key,
        login_of=lambda _racer: "cashier",
        sale_of=lambda _number, _racer: {"amount": "100"},
        rounds=ROUNDS,
    )
    answers = race(database, *[job] * TAPS)
    report("double taps", rounds=ROUNDS, taps=TAPS, recorded=count(database)[0])
    for of_round in zip(*answers, strict=True):
        assert sorted(of_round) == ["new"] + ["repeated"] * (TAPS - 1)
    assert count(database) == (ROUNDS, ROUNDS, ROUNDS * 5)
    assert world.problems(database) == []


def test_a_receipt_is_taken_at_one_till(database, report):
    from race import race

    logins = [f"cashier{number}" for number in range(TILLS)]
    prepare(database, logins)
    job = partial(
        tap,
        key_of=own_key,
        login_of=lambda racer: logins[racer],
        sale_of=lambda number, _racer: {"amount": "100", "receipt": f"R-{number}"},
        rounds=ROUNDS,
    )
    answers = race(database, *[job] * TILLS)
    report("one receipt", rounds=ROUNDS, tills=TILLS, recorded=count(database)[0])
    for of_round in zip(*answers, strict=True):
        assert of_round.count("new") == 1, of_round
        assert all("already recorded" in a for a in of_round if a != "new"), of_round
    assert count(database) == (ROUNDS, ROUNDS, ROUNDS * 5)


def exhaust(database, sabotage=None):
    """Let an operator's clients record far beyond the limit; return what was taken."""
    from race import race

    prepare(database, ["cashier"], b2b2c_terminal_day_operations=LIMIT)
    job = partial(
        tap,
        key_of=own_key,
        login_of=lambda _racer: "cashier",
        sale_of=lambda _number, _racer: {"amount": "100"},
        rounds=10,
    )
    race(database, *[job] * TILLS, sabotage=sabotage)
    return count(database)[0]


def test_the_limit_of_a_day_holds(database, report):
    recorded = exhaust(database)
    report("limit of a day", tried=TILLS * 10, limit=LIMIT, recorded=recorded)
    assert recorded == LIMIT
    assert world.query(database, "SELECT operations FROM b2b2c_terminal_day") == [
        (LIMIT,)
    ]


def count_first(registry):
    """What looks safe and is not: look how many there are, then record."""
    from odoo.exceptions import UserError

    day = registry["b2b2c.terminal.day"]

    def count_operation(self, operator, company, day, amount):
        operations = self.env["b2b2c.terminal.operation"]
        if operations.search_count([]) >= company.b2b2c_terminal_day_operations:
            raise UserError("You reached the limit")
        self.env.cr.execute(
            "INSERT INTO b2b2c_terminal_day (operator_id, company_id, day, operations,"
            " amount, points) VALUES (%s, %s, %s, 1, %s, 0) RETURNING id",
            (operator.id, company.id, day, amount),
        )
        return self.browse(self.env.cr.fetchone()[0])

    replace_methods(day, _count_operation=count_operation)


def test_control_counting_first_is_no_guard(database, report):
    world.query(database, "DROP INDEX b2b2c_terminal_day_once")
    recorded = exhaust(database, sabotage=count_first)
    report("limit of a day, counted first", limit=LIMIT, recorded=recorded)
    assert recorded > LIMIT, "the harness did not notice that the limit was exceeded"


def try_phones(racer, rounds):
    """Search for strangers; return how often the terminal really looked."""
    looked = 0
    for _number in range(rounds):
        looked += racer.transact(search_stranger, together=True)
    return looked


def search_stranger(env):
    answer = get_terminal(env, "cashier").search_member("+380 67 999 99 99")
    return answer["status"] == "unknown"


def test_the_phone_book_is_not_tried_out_in_parallel(database, report):
    from race import race

    prepare(database, ["cashier"], b2b2c_terminal_lookups=LIMIT)
    looked = sum(race(database, *[partial(try_phones, rounds=10)] * TILLS))
    report("failed searches", tried=TILLS * 10, limit=LIMIT, looked=looked)
    assert looked == LIMIT
