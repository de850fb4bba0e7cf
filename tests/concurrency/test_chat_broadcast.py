"""Several processes send a broadcast at the same moment: each person gets it once."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

SENDERS = 4
PEOPLE = 8


def prepare(database):
    """Start a broadcast to people with a chat; return the ids of its rows."""
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=PEOPLE)
        channel = env["b2b2c.chat.channel"].create(
            {"name": "T", "kind": "telegram", "token": "42:RACE", "account": "race_bot"}
        )
        channel.state = "active"
        made.members._set_wishes({("chat", ""): True})
        env["b2b2c.chat.link"].create(
            [
                {
                    "channel_id": channel.id,
                    "external_user": str(number),
                    "chat": str(number),
                    "partner_id": member.partner_id.id,
                    "state": "active",
                }
                for number, member in enumerate(made.members)
            ]
        )
        broadcast = env["b2b2c.chat.broadcast"].create({"name": "R", "text": "News"})
        manager = env.ref("base.user_admin")
        manager.group_ids += env.ref("loyalty_b2b2c.group_manager")
        broadcast.with_user(manager).action_start()
        return broadcast.row_ids.ids


def send_all(racer, rows):
    """Send to each person when all others do."""
    for row_id in rows:
        racer.wait()
        racer.transact(
            lambda env, i=row_id: env["b2b2c.chat.broadcast.row"].browse(i)._send(),
            together=True,
        )


def run(database, sabotage=None):
    """Let all processes send to all people; return how many messages each gets."""
    from race import race

    rows = prepare(database)
    race(database, *[partial(send_all, rows=rows)] * SENDERS, sabotage=sabotage)
    counts = world.query(
        database,
        "SELECT count(*) FROM b2b2c_chat_outbox WHERE origin = 'broadcast'"
        " GROUP BY link_id",
    )
    return [row[0] for row in counts]


def test_each_person_gets_it_once(database, report):
    counts = run(database)
    report("broadcast", senders=SENDERS, people=PEOPLE, messages=sum(counts))
    assert counts == [1] * PEOPLE


def look_first(registry):
    """What looks safe and is not: look whether somebody sent it, then send it."""

    def send(self):
        if self.state == "waiting":
            link = self.link_id
            link._say([self.broadcast_id.text], origin="broadcast")

    replace_methods(registry["b2b2c.chat.broadcast.row"], _send=send)


def test_control_looked_at_first_some_get_it_twice(database, report):
    counts = run(database, look_first)
    report("broadcast, looked at first", most=max(counts))
    assert max(counts) > 1, "the harness did not notice"
