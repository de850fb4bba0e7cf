"""Nobody mints: no role books or edits the ledger by remote calls or SQL (R14)."""

import contextlib
import inspect
import itertools
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2
import pytest
import world
from controls import replace_methods
from race import race
from rpc import Client, Direct, KeyClient, Refused, Unanswered
from servers import forked

from tools import odoo_env, workspace

SURFACE = Path(__file__).with_name("rpc_surface.txt")
PASSWORD = "forger-of-the-ledger"
LEDGER = {
    # model: values that would mint
    "b2b2c.ledger.entry": {"points": 1000000},
    "b2b2c.ledger.lot": {"points": 1000000, "remaining": 1000000},
    "b2b2c.ledger.allocation": {"points": -1000000},
    "b2b2c.account": {"folded_posted": 1000000, "balance_available": 1000000},
    "b2b2c.account.delta": {"points": 1000000},
    "b2b2c.cap.scope": {"used": 0},
    "b2b2c.cap.use": {"points": 0},
}
ROLES = {
    "anonymous": None,
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "salesman": "sales_team.group_sale_salesman",
    "sales_manager": "sales_team.group_sale_manager",
    "accountant": "account.group_account_manager",
    "cashier": "point_of_sale.group_pos_user",
    "operator": "loyalty_b2b2c.group_terminal",
    "loyalty_auditor": "loyalty_b2b2c.group_auditor",
    "loyalty_user": "loyalty_b2b2c.group_user",
    "loyalty_officer": "loyalty_b2b2c.group_officer",
    "loyalty_manager": "loyalty_b2b2c.group_manager",
    "settings": "base.group_system",
}
MIGHTY = "loyalty_manager"  # who tries whatever can be called
CURIOUS = ("salesman", "loyalty_manager", "settings")  # who tries private methods
OURS = "odoo.addons.loyalty_b2b2c"
#: Odoo's own methods that write.
CRUD = {"create", "write", "unlink", "copy", "load", "web_save", "name_create"}
SERVICES = {"b2b2c.terminal"}  # models without rows that clients call
# everything that says who has how much; not how far it is folded
STATE = """
SELECT (SELECT coalesce(md5(string_agg(e::text, '|' ORDER BY id)), '-')
          FROM b2b2c_ledger_entry e),
       (SELECT coalesce(md5(string_agg(a::text, '|' ORDER BY id)), '-')
          FROM b2b2c_ledger_allocation a),
       (SELECT coalesce(md5(string_agg(l::text, '|' ORDER BY id)), '-')
          FROM b2b2c_ledger_lot l),
       (SELECT coalesce(md5(string_agg(concat_ws(',', a.id, a.member_id, a.unit_id,
                   a.folded_posted + coalesce(d.points, 0),
                   a.folded_pending + coalesce(d.points_pending, 0),
                   a.folded_held + coalesce(d.points_held, 0),
                   a.folded_debt + coalesce(d.points_debt, 0),
                   a.folded_lost + coalesce(d.points_lost, 0)),
               '|' ORDER BY a.id)), '-')
          FROM b2b2c_account a LEFT JOIN (
               SELECT account_id, sum(points) AS points,
                      sum(points_pending) AS points_pending,
                      sum(points_held) AS points_held,
                      sum(points_debt) AS points_debt, sum(points_lost) AS points_lost
                 FROM b2b2c_account_delta GROUP BY account_id
               ) d ON d.account_id = a.id),
       (SELECT coalesce(string_agg(concat_ws('=', scope, used), '|' ORDER BY scope),
                        '-') FROM b2b2c_cap_scope),
       (SELECT coalesce(md5(string_agg(u::text, '|' ORDER BY id)), '-')
          FROM b2b2c_cap_use u)
"""
PARTS = ("entries", "allocations", "lots", "balances", "limits", "uses of limits")


# === THE WORLD === #


def prepare(database):
    """Make books worth forging, and a user per role.

    :return: dict role -> API key
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=2)
        made._create_program(budget_points=10000, notify=False)
        account = made.members[0]._get_account(made.unit)
        account._earn(100, source_key="forging/earn")
        account._redeem(30, source_key="forging/redeem")
        account._reserve(20, source_key="forging/hold")
        world.create_orders(env, made.contact.id, made.product.id, 2)
        env["b2b2c.event"]._process_now()
        keys = {}
        for role, group in ROLES.items():
            found = group and env.ref(group, raise_if_not_found=False)
            if not found:  # the till may not be installed
                continue
            user = env["res.users"].create(
                {
                    "name": role,
                    "login": role,
                    "password": PASSWORD,
                    "group_ids": [(6, 0, found.ids)],
                }
            )
            keys[role] = (
                env(user=user)["res.users.apikeys"]
                .sudo()
                ._generate("rpc", role, datetime.now() + timedelta(days=1))
            )
        return keys


class Books:
    """Watches the tables of the ledger from outside."""

    def __init__(self, connection):
        self._cursor = connection.cursor()
        self.before = self._read()

    def _read(self):
        self._cursor.execute(STATE)
        return self._cursor.fetchone()

    def changes(self):
        """Return what changed since the last look, as texts."""
        before, self.before = self.before, self._read()
        pairs = zip(PARTS, before, self.before, strict=True)
        return [part for part, old, new in pairs if old != new]

    def ids(self, table):
        """Return the first ids of a table; of a report, which has none, some number."""
        self._cursor.execute("SELECT to_regclass(%s)", [table])
        if not self._cursor.fetchone()[0]:
            return [1]
        self._cursor.execute(f'SELECT id FROM "{table}" ORDER BY id LIMIT 3')
        return [number for (number,) in self._cursor.fetchall()]


@contextlib.contextmanager
def owner(database):
    """A connection of the database's owner, in autocommit."""
    connection = workspace.from_environment().server.connect(database)
    with contextlib.closing(connection):
        yield connection


# === INTROSPECTION === #


def methods(env, private=False):
    """Yield ``(model, name, function)`` of the methods of our models.

    Public ones with all they inherit; private ones of our own code only.
    """
    for model, cls in sorted(env.registry.items()):
        if not model.startswith("b2b2c.") or not is_called(model, cls):
            continue
        for name, function in inspect.getmembers(cls, inspect.isroutine):
            if name.startswith("__") or name.startswith("_") != private:
                continue
            if private and not is_ours(function):
                continue
            yield model, name, function


def is_called(model, cls):
    """Whether clients call a model itself, not only those that inherit it."""
    return not cls._abstract or model in SERVICES


def is_ours(function):
    module = getattr(inspect.unwrap(function), "__module__", None) or ""
    return module.startswith(OURS)


def surface(env):
    """Return ``model.method`` of what our code lets clients call, on any model."""
    found = set()
    for model, cls in env.registry.items():
        if not is_called(model, cls):
            continue  # seen on the models that inherit it
        for base in cls.mro():
            if not base.__module__.startswith(OURS):
                continue
            if vars(base).get("_inherit") in ("base", ["base"], ("base",)):
                continue  # more checks of what every model lets clients call
            for name, function in vars(base).items():
                public = inspect.isfunction(function) and not name.startswith("_")
                if public and not is_private(cls, name):
                    found.add(f"{model}.{name}")
    return sorted(found)


def is_private(cls, name):
    """Whether a public name is closed by ``@api.private``, here or in a parent."""
    return any(
        getattr(getattr(base, name, None), "_api_private", False) for base in cls.mro()
    )


def attempts(model, name, function, ids):
    """Yield argument lists: plausible for the parameters' names, then plain junk."""
    values = LEDGER.get(model, {"points": 1000000, "state": "posted"})
    guesses = {
        "vals": values,
        "values": values,
        "vals_list": [values],
        "default": values,
        "data": [["1", "1000000"]],
        "domain": [],
        "fields": list(values),
        "field_name": next(iter(values)),
        "specification": {},
        "ids": ids,
    }
    try:
        parameters = list(inspect.signature(function).parameters.values())[1:]
    except ValueError:
        parameters = []
    wanted = [
        p for p in parameters if p.default is p.empty and p.kind < p.VAR_POSITIONAL
    ]
    records = [] if getattr(function, "_api_model", False) else [ids]
    yield records + [guesses.get(p.name, 1) for p in wanted]
    yield records + [values for _ in wanted or [None]]
    yield [[]] + ["x"] * len(wanted)


# === TESTS === #


@pytest.fixture
def keys(database):
    return prepare(database)


def try_call(client, books, role, model, name, args):
    """Make a call and see what it did.

    The books are looked at after what was answered. What is refused is undone with its
    transaction, so they are looked at once for all that was refused on a model.

    :return: (how it ended, breach as text or None)
    """
    try:
        client.call(model, name, *args)
        ended = "answered"
    except Refused:
        return "refused", None
    except Unanswered as error:
        ended = str(error)
    return ended, see(books, role, f"{model}.{name}{tuple(args)}")


def see(books, role, what):
    """Return the breach as text when the books have changed, else None."""
    changed = books.changes()
    return f"{role}: {what} changed {changed}" if changed else None


def forge(database, client, role, listed, tries=None):
    """Try every listed method in a role.

    :param tries: how many of the argument lists, all of them when left out
    :return: (number of calls by how they ended, breaches, calls nobody answered)
    """
    counts, breaches, broken = Counter(), [], set()
    with owner(database) as connection:
        books = Books(connection)
        for model, rows in itertools.groupby(listed, key=lambda row: row[0]):
            ids = [] if model in SERVICES else books.ids(model.replace(".", "_"))
            for _model, name, function in rows:
                lists = attempts(model, name, function, ids)
                for args in itertools.islice(lists, tries):
                    ended, breach = try_call(client, books, role, model, name, args)
                    if ended not in ("answered", "refused"):
                        broken.add(f"{model}.{name}: {ended}")
                        ended = "broken"
                    counts[ended] += 1
                    breaches.append(breach)
            breaches.append(see(books, role, f"what {model} refused"))
    return counts, list(filter(None, breaches)), sorted(broken)


def log_in(url, database, role):
    """Return a client of a server in a role."""
    client = Client(url, database, role, PASSWORD)
    if role != "anonymous":
        client.authenticate()
    return client


def add_up(results):
    """Return what several calls of `forge` found as one."""
    counts, breaches, broken = zip(*results, strict=True)
    return (
        sum(counts, Counter()),
        [*itertools.chain(*breaches)],
        [*itertools.chain(*broken)],
    )


def test_no_role_writes_the_ledger_by_rpc(database, keys, report):
    """Every method in every role, through the door that all remote calls go through.

    Over HTTP, which is slower by ten times: who did not log in, and each method once in
    the role that may most.
    """
    from odoo.tools import mute_logger

    with odoo_env.open_environment(database) as env:
        every = list(methods(env))
        ours = [row for row in every if is_ours(row[2]) or row[1] in CRUD]
        hidden = list(methods(env, private=True))
        digest = env["b2b2c.account"]._ledger_digest()
    tried = [(role, ours) for role in keys if role != MIGHTY]
    tried += [(MIGHTY, every)]
    with mute_logger("odoo.sql_db", "odoo.models"):
        found = [forge(database, Direct(database, r), r, rows) for r, rows in tried]
        private = [forge(database, Direct(database, r), r, hidden) for r in CURIOUS]
    with forked(database) as [url]:
        found += [
            forge(database, log_in(url, database, role), role, ours, tries=1)
            for role in ("anonymous", MIGHTY)
        ]
        client = log_in(url, database, MIGHTY)
        private.append(forge(database, client, MIGHTY, hidden, tries=1))
    counts, breaches, broken = add_up([*found, *private])
    report(
        "forging",
        roles=len(keys) + 1,
        public_methods=len(every),
        private_methods=len(hidden),
        calls=counts.total(),
        **counts,
        breaches=len(breaches),
    )
    assert not broken, "\n".join(broken)
    assert not breaches, "\n".join(breaches)
    assert set(add_up(private)[0]) == {"refused"}, "a private method can be called"
    assert set(found[-2][0]) == {"refused"}, "who did not log in can call a method"
    with odoo_env.open_environment(database) as env:
        env["b2b2c.event"]._cron_sweep()
        assert env["b2b2c.account"]._ledger_digest() == digest
        assert env["b2b2c.account"]._verify_all() == []


def test_no_key_writes_the_ledger(database, keys, report):
    answers = {}
    with forked(database) as [url], owner(database) as connection:
        books = Books(connection)
        for role, key in keys.items():
            client = KeyClient(url, database, key)
            for model, values in LEDGER.items():
                ids = books.ids(model.replace(".", "_"))
                for method, body in (
                    ("create", {"vals_list": [values]}),
                    ("write", {"ids": ids, "vals": values}),
                    ("unlink", {"ids": ids}),
                ):
                    status, said = client.call(model, method, **body)
                    answers[status] = answers.get(status, 0) + 1
                    what = f"{role}: {model}.{method} said {status} {said[:200]}"
                    assert books.changes() == [], what
                    # not because the call itself was wrong
                    assert status != 200 and "missing a required" not in said, what
    report("forging with keys", **{f"HTTP_{s}": n for s, n in answers.items()})


def test_the_list_of_remote_methods_is_kept(database):
    with odoo_env.open_environment(database) as env:
        found = surface(env)
    kept = SURFACE.read_text().splitlines() if SURFACE.exists() else []
    new, gone = sorted(set(found) - set(kept)), sorted(set(kept) - set(found))
    assert (new, gone) == ([], []), (
        f"Everybody who may log in can call a public method. Prefix with _ what is not "
        f"meant to be called; add to {SURFACE.name}: {new}; remove from it: {gone}"
    )


SQL_ATTACKS = [
    "UPDATE {} SET points = points + 1",
    "DELETE FROM {}",
    "TRUNCATE {} CASCADE",
]


def attack_by_sql(database):
    """Attack as the owner of the database.

    :return: dict statement -> why it was refused, empty when it worked
    """
    said = {}
    with owner(database) as connection:
        for table in ("b2b2c_ledger_entry", "b2b2c_ledger_allocation"):
            for statement in SQL_ATTACKS:
                attack = statement.format(table)
                try:
                    connection.cursor().execute(attack)
                    said[attack] = ""
                except psycopg2.errors.RestrictViolation as error:
                    said[attack] = str(error)
    return said


def test_no_sql_changes_what_is_booked(database, keys):
    with owner(database) as connection:
        books = Books(connection)
        said = attack_by_sql(database)
        assert all("append-only" in reason for reason in said.values()), said
        assert books.changes() == []


# === CONTROLS === #


def test_control_without_triggers_sql_works(database, keys, report):
    with owner(database) as connection:
        books = Books(connection)
        for table in ("b2b2c_ledger_entry", "b2b2c_ledger_allocation"):
            connection.cursor().execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        audit = world.problems(database)
        worked = [attack for attack, why in attack_by_sql(database).items() if not why]
        changed = books.changes()
    report("forging by SQL, triggers off", worked=len(worked), audit=len(audit))
    assert audit, "the audit did not notice that the triggers were gone"
    assert worked, "the harness did not notice that the triggers were gone"
    assert {"entries", "allocations"} <= set(changed)


def open_the_ledger(registry):
    """Let lots be written like any other model."""
    from odoo.models import BaseModel

    replace_methods(registry["b2b2c.ledger.lot"], write=BaseModel.write)


def write_and_refuse(registry):
    """Say no to who writes lots, and write them in another transaction."""
    from odoo.exceptions import AccessError

    def write(lots, vals):
        with lots.env.registry.cursor() as cursor:
            cursor.execute(
                "UPDATE b2b2c_ledger_lot SET remaining = remaining - 1 WHERE id = %s",
                lots[:1].ids,
            )
        raise AccessError("no")

    replace_methods(registry["b2b2c.ledger.lot"], write=write)


def test_control_an_open_model_is_noticed(database, keys, report):
    """Lots that can be written are noticed; so are those written behind a refusal."""
    with odoo_env.open_environment(database) as env:
        access = env.ref("loyalty_b2b2c.access_lot_user")
        access.write({"perm_write": True})
    [opened] = race(database, forge_lots, sabotage=open_the_ledger)
    [hidden] = race(database, forge_lots, sabotage=write_and_refuse)
    report("forging, lots can be written", breaches=len(opened), refused=len(hidden))
    assert any("b2b2c.ledger.lot." in breach for breach in opened), opened
    assert any("b2b2c.ledger.lot refused" in breach for breach in hidden), hidden


def forge_lots(racer):
    """Return the breaches of who tries Odoo's own methods on the ledger."""
    with racer.environment() as env:
        listed = [row for row in methods(env) if row[0] in LEDGER and row[1] in CRUD]
    role = "loyalty_user"
    return forge(racer.database, Direct(racer.database, role), role, listed)[1]
