"""Several workers on one inbox, and workers that die: each message is answered once, in
order, and nobody hears a thing more than twice."""

import os
import random
import signal
import time
from functools import partial

import world
from controls import replace_methods

from tools import chat_servers, odoo_env  # noqa: F401  makes ``chat_servers`` importable

WORKERS = 4
CHATS, EACH = 2, 12
COPIES = 2  # of each update, in any order
SECONDS = 0.05  # that a messenger takes
TOKEN = "42:RACE"


def prepare(database, address):
    """Make a channel at a server of Telegram's kind; return its id."""
    with odoo_env.open_environment(database) as env:
        world.make(env)
        channel = env["b2b2c.chat.channel"].create(
            {
                "name": "Telegram",
                "kind": "telegram",
                "token": TOKEN,
                "account": "demo_bot",
                "api_base": address,
                "state": "active",
            }
        )
        return channel.id


def open_server(people):
    """Return a server with people, whose chats are 1, 2 …"""
    from chat_servers.telegram_server import TelegramServer

    server = TelegramServer(token=TOKEN)
    for number in range(1, people + 1):
        server.chats[number] = {"id": number, "type": "private"}
    return server


def write(chat, number):
    """Return an update: somebody writes a number."""
    return {
        "update_id": chat * 1000 + number,
        "message": {
            "message_id": number,
            "date": 1_800_000_000,
            "chat": {"id": chat, "type": "private"},
            "from": {"id": chat, "is_bot": False, "first_name": "P"},
            "text": str(number),
        },
    }


def count_and_echo(registry):
    """Let the dialog count each message, and say it back; and send without a pace."""
    from odoo.addons.loyalty_b2b2c_chat.models import pump

    def handle(self, link, incoming):
        from odoo.addons.loyalty_b2b2c_chat.dialog.messages import Reply

        self.env["b2b2c.hour.count"]._count(link.company_id, incoming.external_id)
        return [Reply(incoming.text)]

    hand_over = pump._hand_over

    def hand_over_slowly(taken):
        time.sleep(SECONDS)  # a messenger is far away
        return hand_over(taken)

    replace_methods(pump, _hand_over=hand_over_slowly)
    replace_methods(registry["b2b2c.chat.dialog"], _handle=handle)
    replace_methods(registry["b2b2c.chat.pace"], _take=lambda self, channel, chat: 0)
    replace_methods(registry["b2b2c.chat.inbox"], _is_pushy=lambda self, link: False)


def take_and_answer(racer, channel_id):
    """Take in all updates, some copies of each, and answer each chat at once; the
    others do the same."""
    from odoo.addons.loyalty_b2b2c_chat.models.pump import answer

    updates = [write(c, n) for n in range(EACH) for c in range(1, CHATS + 1)]
    copies = updates * COPIES
    # numbers of a chat come in their order at first, copies whenever
    late = copies[len(updates) :]
    random.Random(racer.number).shuffle(late)
    racer.wait()
    for update in [*updates, *late]:

        def take(env, update=update):
            channel = env["b2b2c.chat.channel"].browse(channel_id)
            links, _incoming = env["b2b2c.chat.inbox"]._receive(channel, update)
            return links.ids

        for link_id in racer.transact(take):
            answer(racer.registry, link_id)
    sweep_all(racer.database)


def sweep_all(database):
    """Do what is left, as the scheduled action does."""
    from odoo.addons.loyalty_b2b2c_chat.models.pump import sweep

    with odoo_env.open_environment(database) as env:
        sweep(env)


def told(server):
    """Return what each chat was told: dict chat -> list of texts."""
    return {
        chat: [message["text"] for message in messages]
        for chat, messages in server.history.items()
    }


def test_each_message_is_answered_once_and_in_order(database, report):
    from race import race

    with open_server(CHATS) as server:
        job = partial(take_and_answer, channel_id=prepare(database, server.base))
        race(database, *[job] * WORKERS, sabotage=count_and_echo)
        heard = told(server)
    [(things, most)] = world.query(
        database, "SELECT count(*), max(number) FROM b2b2c_hour_count"
    )
    report("chats", workers=WORKERS, updates=CHATS * EACH, copies=COPIES * WORKERS,
           answers=sum(map(len, heard.values())))  # fmt: skip
    assert (things, most) == (CHATS * EACH, 1)
    assert {chat: sorted(texts, key=int) for chat, texts in heard.items()} == {
        chat: [str(number) for number in range(EACH)] for chat in range(1, CHATS + 1)
    }
    rows = world.query(
        database,
        """SELECT link_id, array_agg(text ORDER BY id) FROM b2b2c_chat_inbox
        GROUP BY link_id""",
    )
    answered = world.query(
        database,
        """SELECT link_id, array_agg(text ORDER BY external_id::int)
             FROM b2b2c_chat_outbox GROUP BY link_id""",
    )
    assert dict(rows) == dict(answered), "answers came in another order"


def without_lock(registry):
    """What looks safe and is not: answer a chat without having it to oneself."""
    from contextlib import contextmanager

    from odoo.addons.loyalty_b2b2c_chat.models import pump

    @contextmanager
    def alone(registry, link_id):
        yield True

    count_and_echo(registry)
    replace_methods(pump, _alone=alone)


def test_control_without_the_lock_answers_are_doubled(database, report):
    from race import race

    with open_server(CHATS) as server:
        job = partial(take_and_answer, channel_id=prepare(database, server.base))
        race(database, *[job] * WORKERS, sabotage=without_lock)
        heard = sum(len(texts) for texts in told(server).values())
    report("chats, nobody locks", answers=heard, messages=CHATS * EACH)
    assert heard > CHATS * EACH, "the harness did not notice"


# === PROCESSES THAT DIE === #

#: (when a worker dies, how often) of each chat's one message: before it is handed over,
#: or after that and before this is written down
DEATHS = [("before", 1)] * 10 + [("after", 1)] * 4 + [("after", 2)] * 3


def die(racer, link_id, when):
    """Answer a chat, and be killed while a message goes out."""
    from odoo.addons.loyalty_b2b2c_chat.models import pump

    hand_over = pump._hand_over

    def killed(taken):
        if when == "after":
            hand_over(taken)
        os.kill(os.getpid(), signal.SIGKILL)

    replace_methods(pump, _hand_over=killed)
    with pump._alone(racer.registry, link_id) as is_alone:
        assert is_alone
        pump.run(racer.registry, link_id)


def kill_workers(database, server, sabotage, plan=DEATHS):
    """Let workers die as planned, then do what is left.

    :return: (how many died, how often each chat heard its message)
    """
    from race import start

    channel_id = prepare(database, server.base)
    with odoo_env.open_environment(database) as env:
        channel = env["b2b2c.chat.channel"].browse(channel_id)
        for chat in range(1, len(plan) + 1):
            env["b2b2c.chat.inbox"]._receive(channel, write(chat, 0))
        links = env["b2b2c.chat.link"].search([], order="id").ids
    deaths = 0
    for link_id, (when, often) in zip(links, plan, strict=True):
        for _time in range(often):
            job = partial(die, link_id=link_id, when=when)
            [(process, _pipe)] = start(database, job, sabotage=sabotage)
            process.join()
            deaths += process.exitcode == -signal.SIGKILL
    from race import race

    race(database, lambda racer: sweep_all(racer.database), sabotage=sabotage)
    heard = told(server)
    return deaths, [len(heard.get(chat, ())) for chat in range(1, len(plan) + 1)]


def test_a_worker_that_dies_repeats_at_most_once_and_loses_nothing(database, report):
    with open_server(len(DEATHS)) as server:
        deaths, heard = kill_workers(database, server, count_and_echo)
    [(most,)] = world.query(database, "SELECT max(number) FROM b2b2c_hour_count")
    report("workers that died", deaths=deaths, messages=len(DEATHS),
           repeated=sum(times - 1 for times in heard))  # fmt: skip
    assert deaths == sum(often for _when, often in DEATHS) == 20
    assert heard == [1 if when == "before" else 2 for when, _often in DEATHS]
    assert most == 1


def repeat_always(registry):
    """What looks safe and is not: send whatever is not known to be sent."""
    count_and_echo(registry)
    replace_methods(
        registry["b2b2c.chat.outbox"], _may_repeat=lambda self, reason: True
    )


def test_control_without_the_mark_a_message_is_repeated_again(database, report):
    plan = [("after", 2)]
    with open_server(len(plan)) as server:
        _deaths, heard = kill_workers(database, server, repeat_always, plan)
    report("workers that died, no mark", most=max(heard))
    assert max(heard) > 2, "the harness did not notice"
