"""Senders that overlap send each message once; wishes posted at once do not collide."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

MEMBERS = 10
EACH = 4  # messages to each of them
SENDERS = 4
POSTS = 8
ROUNDS = 10
WISHES = {("sms", ""): True, ("email", "points"): False}


# === SENDING === #


def queue(database):
    """Queue messages to participants."""
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=MEMBERS)
        env["b2b2c.notification"]._insert(
            [
                {
                    "account_id": member._get_account(made.unit).id,
                    "kind": "credited",
                    "key": f"news/{member.id}/{number}",
                    "is_numbered": False,
                    "points": number + 1,
                }
                for member in made.members
                for number in range(EACH)
            ]
        )


def send(racer):
    """Send what is due, a few recipients in a transaction, beginning all at once."""
    together = True
    while racer.transact(send_some, together=together):
        together = False


def send_some(env):
    """Send some messages; return whether there were any."""
    messages = env["b2b2c.notification"]._take_due(3)
    for to_one in messages._split_by_recipient():
        to_one._deliver()
    return bool(messages)


def sent(database):
    """Return (messages that are sent, deliveries, e-mails that wait)."""
    [row] = world.query(
        database,
        """SELECT (SELECT count(*) FROM b2b2c_notification WHERE state = 'sent'),
                  (SELECT count(*) FROM b2b2c_notification_delivery),
                  (SELECT count(*) FROM mail_mail WHERE state = 'outgoing')""",
    )
    return row


def test_overlapping_senders_send_once(database, report):
    from race import race

    queue(database)
    before = sent(database)[2]
    race(database, *[send] * SENDERS)
    messages, deliveries, mails = sent(database)
    report("senders", senders=SENDERS, messages=messages, mails=mails - before)
    assert messages == deliveries == mails - before == MEMBERS * EACH


def without_locks(registry):
    """What looks safe and is not: take what nobody has marked as sent."""

    def take_due(self, limit):
        return self.search([("state", "=", "new")], order="id")

    replace_methods(registry["b2b2c.notification"], _take_due=take_due)


def send_all(racer):
    """Send everything in one transaction, all together."""
    racer.transact(send_some, together=True)


def test_control_looking_is_no_guard(database, report):
    """Without the lock senders want the same messages: the key of the rows stops all
    but one of them, whose e-mails are lost with their transaction."""
    from race import race

    queue(database)
    before = sent(database)[2]
    try:
        race(database, *[send_all] * SENDERS, sabotage=without_locks)
        failed = 0
    except AssertionError as error:
        failed = int(str(error).split(" ", 1)[0])
        assert "b2b2c_notification_delivery_once" in str(error)
    _messages, _deliveries, mails = sent(database)
    report("senders without locks", failed=failed, mails=mails - before)
    assert failed or mails - before > MEMBERS * EACH, "the harness did not notice"


# === WISHES === #


def choose(racer, member_id):
    """Choose the same as everybody else, all at once."""
    for _lap in range(ROUNDS):
        racer.transact(
            lambda env: env["b2b2c.member"].browse(member_id)._set_wishes(WISHES),
            together=True,
        )


def chosen(database):
    """Return how many rows there are for each wish."""
    rows = world.query(
        database,
        "SELECT channel, topic, count(*)::int FROM b2b2c_member_wish GROUP BY 1, 2",
    )
    return {(channel, topic or ""): number for channel, topic, number in rows}


def prepare(database):
    """Create a participant; return its id."""
    with odoo_env.open_environment(database) as env:
        return world.make(env).members.id


def test_wishes_at_once_are_one_row_each(database, report):
    from race import race

    job = partial(choose, member_id=prepare(database))
    race(database, *[job] * POSTS)
    report("wishes", posts=POSTS * ROUNDS, rows=sum(chosen(database).values()))
    assert chosen(database) == dict.fromkeys(WISHES, 1)


def look_first(registry):
    """What looks safe and is not: create a wish when there is none."""

    def set_wishes(self, wishes):
        rows = self.env["b2b2c.member.wish"]
        for (channel, topic), wanted in wishes.items():
            domain = [
                ("member_id", "=", self.id),
                ("channel", "=", channel),
                ("topic", "=", topic or False),
            ]
            if not rows.search_count(domain):
                rows.create(
                    {
                        "member_id": self.id,
                        "channel": channel,
                        "topic": topic,
                        "wanted": wanted,
                    }
                )

    replace_methods(registry["b2b2c.member"], _set_wishes=set_wishes)


def test_control_without_the_key_wishes_are_doubled(database, report):
    from race import race

    job = partial(choose, member_id=prepare(database))
    with odoo_env.open_environment(database) as env:
        env.cr.execute("DROP INDEX b2b2c_member_wish_once")
    race(database, *[job] * POSTS, sabotage=look_first)
    report("wishes, no key", rows=sum(chosen(database).values()))
    assert sum(chosen(database).values()) > len(WISHES), "the harness did not notice"
