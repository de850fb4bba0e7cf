"""What was acknowledged survives kill -9 of Odoo and PostgreSQL, once (R1, R2)."""

import contextlib
import itertools
import random
import time
from functools import partial

import psutil
import pytest
import world
from rpc import Client, Unanswered

from tools import odoo_env, odoo_process, postgres

KILLS = 20
SALESMEN = 3
QUOTATIONS = 250  # per salesman
TELLERS = 2
REWARD = 50
START = 1000
PASSWORD = "salesman-of-the-kill-loop"
PATIENCE = 300  # a guard against hanging, no measure of speed
PAUSE = 0.02  # between two looks at something that can only be polled


@pytest.fixture
def cluster():
    """A durable PostgreSQL of one's own, to be killed."""
    with postgres.throwaway_cluster(durable=True) as own:
        yield own


@pytest.fixture
def database(cluster):
    """Name of the only database of the cluster."""
    from conftest import forgotten, registered

    with odoo_env.cluster_database(cluster) as name, forgotten(name):
        registered(name, server=cluster)
        yield name


# === CLIENTS === #


class Progress:
    """What all clients have seen acknowledged, readable while they run."""

    def __init__(self):
        from race import FORK

        self.over = FORK.Event()
        self.sales, self.postings = FORK.Value("i", 0), FORK.Value("i", 0)

    def add(self, counter):
        with counter.get_lock():
            counter.value += 1


def persist(attempt):
    """Return ``attempt(number)`` as soon as there is an answer.

    :param attempt: called with 1, 2, … until it raises no :class:`Unanswered`
    """
    deadline = time.monotonic() + PATIENCE
    for number in itertools.count(1):
        try:
            return attempt(number)
        except Unanswered:
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE)


def sell(racer, url, login, orders, progress):
    """Confirm quotations over HTTP until it is over.

    :return: list of (order id, number of calls, whether a silent call had worked)
    """
    client = Client(url, racer.database, login, PASSWORD)
    persist(lambda _number: client.authenticate())

    def confirm(number, order_id):
        if number > 1:  # nobody knows what became of the call before
            [order] = client.call("sale.order", "read", [order_id], ["state"])
            if order["state"] == "sale":
                return number, True
        client.call("sale.order", "action_confirm", [order_id])
        return number, False

    history = []
    for order_id in orders:
        if progress.over.is_set():
            break
        history.append((order_id, *persist(partial(confirm, order_id=order_id))))
        progress.add(progress.sales)
    return history


def book(racer, account_id, progress):
    """Earn and redeem in turn, in a process of its own, until it is over.

    :return: list of (source key, points, number of calls, whether a silent one worked)
    """
    from psycopg2 import InterfaceError, OperationalError

    def post(number, key, method):
        try:
            with racer.environment() as env:
                account = env["b2b2c.account"].browse(account_id)
                known = bool(number > 1 and account._find_booked(key))
                getattr(account, method)(1, source_key=key)
        except (InterfaceError, OperationalError) as error:
            raise Unanswered(str(error)) from None
        return number, known

    history = []
    turns = itertools.cycle([("_earn", 1), ("_redeem", -1)])
    for count, (method, points) in enumerate(turns):
        if progress.over.is_set():
            return history
        key = f"kill/{account_id}/{count}"
        answer = persist(partial(post, key=key, method=method))
        history.append((key, points, *answer))
        progress.add(progress.postings)


# === THE KILLER === #


class Victims:
    """The Odoo server and the PostgreSQL server, killed and started again."""

    def __init__(self, cluster, database):
        self.cluster, self.database = cluster, database
        self.port = odoo_process.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._stack = contextlib.ExitStack()
        self._server = None
        self.revived = 0

    def start_odoo(self):
        self._server = self._stack.enter_context(
            odoo_env.odoo_server(
                self.database, workers=2, port=self.port, server=self.cluster
            )
        )

    def stop_odoo(self):
        self._stack.close()

    def kill_worker(self):
        """Kill one of the processes that answer requests; the server replaces it."""
        workers = [
            child
            for child in psutil.Process(self._server.pid).children()
            if "gevent" not in child.cmdline()
        ]
        random.choice(workers).kill()

    def kill_postgres(self):
        self.cluster.kill9()
        self.cluster.start()

    def kill_odoo(self):
        self._server.kill9()
        self._stack.close()
        self.start_odoo()

    def revive(self):
        """Start Odoo again when it ended by itself, as a supervisor of services does.

        Its first process asks the database before it replaces a worker, and gives up
        when PostgreSQL is away just then.
        """
        if not self._server.running():
            self._stack.close()
            self.start_odoo()
            self.revived += 1


def wait_for(counter, more, meanwhile=lambda: None):
    """Wait until a counter has grown by so much.

    :param meanwhile: called between two looks
    """
    goal = counter.value + more
    deadline = time.monotonic() + PATIENCE
    while counter.value < goal:
        meanwhile()
        assert time.monotonic() < deadline, "the clients do not get on any more"
        time.sleep(PAUSE)


def prepare(database, cluster):
    """Return (quotations per salesman, logins, ids of accounts)."""
    with odoo_env.open_environment(database, server=cluster) as env:
        made = world.make(env, members=1 + TELLERS)
        made._create_program()
        accounts = [m._get_account(made.unit) for m in made.members[1:]]
        for account in accounts:
            account._earn(START, source_key=f"start/{account.id}")
        logins = [f"salesman{number}" for number in range(SALESMEN)]
        env["res.users"].create(
            [
                {
                    "name": login,
                    "login": login,
                    "password": PASSWORD,
                    "group_ids": [
                        (4, env.ref("sales_team.group_sale_salesman_all_leads").id)
                    ],
                }
                for login in logins
            ]
        )
        orders = world.create_orders(
            env,
            made.contact.id,
            made.product.id,
            SALESMEN * QUOTATIONS,
            confirm=False,
        )
        shares = [orders[number::SALESMEN] for number in range(SALESMEN)]
        return shares, logins, [account.id for account in accounts]


# === WHAT THE BOOKS SAY === #


def read(cluster, database, sql, *params):
    with contextlib.closing(cluster.connect(database)) as connection:
        cursor = connection.cursor()
        cursor.execute(sql, params)
        return cursor.fetchall()


def compare_postings(booked, history):
    """Return (lost, doubled, unasked) source keys of the tellers' postings."""
    asked = {key: points for key, points, _calls, _known in history}
    seen = dict.fromkeys(asked, 0)
    unasked = []
    for key, points in booked:
        if asked.get(key) == points:
            seen[key] += 1
        else:
            unasked.append(key)
    lost = [key for key, count in seen.items() if not count]
    return lost, [key for key, count in seen.items() if count > 1], unasked


def read_postings(cluster, database):
    return read(
        cluster,
        database,
        "SELECT source_key, points FROM b2b2c_ledger_entry"
        " WHERE starts_with(source_key, 'kill/')",
    )


def test_nothing_acknowledged_is_lost_or_doubled(cluster, database, report):
    from race import finish, start

    shares, logins, accounts = prepare(database, cluster)
    progress, victims = Progress(), Victims(cluster, database)
    killed = dict.fromkeys(("kill_worker", "kill_postgres", "kill_odoo"), 0)
    victims.start_odoo()
    try:
        jobs = [
            partial(sell, url=victims.url, login=login, orders=share, progress=progress)
            for login, share in zip(logins, shares, strict=True)
        ]
        jobs += [partial(book, account_id=a, progress=progress) for a in accounts]
        crew = start(database, *jobs)
        for way in itertools.islice(itertools.cycle(killed), KILLS):
            wait_for(progress.sales, random.randint(2, 6), victims.revive)
            wait_for(progress.postings, random.randint(2, 20), victims.revive)
            getattr(victims, way)()
            killed[way] += 1
        wait_for(progress.sales, 1, victims.revive)
        progress.over.set()
        results = finish(crew)
    finally:
        victims.stop_odoo()
    sales = list(itertools.chain(*results[:SALESMEN]))
    postings = list(itertools.chain(*results[SALESMEN:]))

    found = dict(
        read(cluster, database, "SELECT state, count(*) FROM b2b2c_event GROUP BY 1")
    )
    with odoo_env.open_environment(database, server=cluster) as env:
        env["b2b2c.event"]._cron_sweep()
    with odoo_env.open_environment(database, server=cluster) as env:
        problems = [str(problem) for problem in env["b2b2c.account"]._verify_all()]

    confirmed = {
        order_id
        for (order_id,) in read(
            cluster, database, "SELECT id FROM sale_order WHERE state = 'sale'"
        )
    }
    rewards = {
        order_id: (count, points)
        for order_id, count, points in read(
            cluster,
            database,
            "SELECT document_id, count(*), sum(points) FROM b2b2c_ledger_entry"
            " WHERE document_model = 'sale.order' GROUP BY 1",
        )
    }
    lost_sales = [key for key, _calls, _known in sales if key not in confirmed]
    unrewarded = sorted(confirmed - rewards.keys())
    wrong = {key: value for key, value in rewards.items() if value != (1, REWARD)}
    lost, doubled, unasked = compare_postings(
        read_postings(cluster, database), postings
    )
    operations = [(c, k) for *_, c, k in sales] + [(c, k) for *_, c, k in postings]
    report(
        "kill loop",
        **killed,
        ended_by_itself=victims.revived,
        calls=sum(calls for calls, _known in operations),
        acknowledged=len(operations),
        sales=len(sales),
        resent=sum(calls - 1 for calls, _known in operations),
        resent_but_committed=sum(known for _calls, known in operations),
        left_for_the_sweep=found.get("new", 0),
        lost=len(lost_sales) + len(lost) + len(unrewarded),
        doubled=len(wrong) + len(doubled),
    )
    assert not lost_sales, f"acknowledged, but not confirmed: orders {lost_sales}"
    assert not unrewarded, f"confirmed, but never rewarded: orders {unrewarded}"
    assert not wrong, f"order -> (entries, points): {wrong}"
    assert confirmed == rewards.keys(), "rewarded without being confirmed"
    assert not lost, f"acknowledged, but not booked: {lost}"
    assert not doubled, f"booked twice: {doubled}"
    assert not unasked, f"booked, but never asked for: {unasked}"
    assert "failed" not in found, f"a crash is no reason to give up: {found}"
    assert problems == []


def test_control_commits_that_do_not_wait_are_lost(cluster, database, report):
    from race import finish, start

    _shares, _logins, accounts = prepare(database, cluster)
    with contextlib.closing(cluster.connect(database)) as connection:
        connection.cursor().execute(
            f'ALTER DATABASE "{database}" SET synchronous_commit = off'
        )
    progress = Progress()
    crew = start(
        database, *[partial(book, account_id=a, progress=progress) for a in accounts]
    )
    for _kill in range(5):
        wait_for(progress.postings, 50)
        cluster.kill9()
        cluster.start()
    progress.over.set()
    postings = list(itertools.chain(*finish(crew)))
    lost, _doubled, _unasked = compare_postings(
        read_postings(cluster, database), postings
    )
    report("kill loop, commits do not wait", kills=5, lost=len(lost))
    assert lost, "the harness did not notice that acknowledged postings were lost"
