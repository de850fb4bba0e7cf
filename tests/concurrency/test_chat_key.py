"""A one-time link is opened in several chats at once: one of them gets the person."""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

CHATS = 6
ROUNDS = 15


def prepare(database):
    """Make a person for each round, links for all of them, and the chats of strangers.

    :return: list of (partner id, token), list of ids of the chats
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=ROUNDS)
        channel = env["b2b2c.chat.channel"].create(
            {"name": "T", "kind": "telegram", "token": "42:RACE", "account": "race_bot"}
        )
        channel.state = "active"
        keys = env["b2b2c.chat.key"]
        tokens = [
            (partner.id, keys._new_link(channel, partner).partition("start=l_")[2])
            for partner in made.members.partner_id
        ]
        chats = env["b2b2c.chat.link"].create(
            [
                {"channel_id": channel.id, "external_user": str(n), "chat": str(n)}
                for n in range(CHATS)
            ]
        )
        return tokens, chats.ids


def use_all(racer, tokens, chats):
    """Use each link when all others do; return in which rounds this chat got it."""

    def use(env, token):
        chat = env["b2b2c.chat.link"].browse(chats[racer.number])
        return env["b2b2c.chat.key"]._use(chat, token).id

    got = []
    for number, (partner_id, token) in enumerate(tokens):
        racer.wait()
        found = racer.transact(partial(use, token=token), together=True)
        got += [number] if found == partner_id else []
    return got


def run(database, sabotage=None):
    """Let all chats open all links; return how many chats got each."""
    from race import race

    tokens, chats = prepare(database)
    job = partial(use_all, tokens=tokens, chats=chats)
    got = race(database, *[job] * CHATS, sabotage=sabotage)
    rounds = [number for own in got for number in own]
    return [rounds.count(number) for number in range(ROUNDS)]


def test_one_chat_gets_the_person(database, report):
    winners = run(database)
    owners = world.query(
        database,
        "SELECT partner_id, count(*) FROM b2b2c_chat_link"
        " WHERE partner_id IS NOT NULL GROUP BY partner_id HAVING count(*) > 1",
    )
    report("one-time links", chats=CHATS, rounds=ROUNDS, given=sum(winners))
    assert winners == [1] * ROUNDS
    assert owners == []


def look_first(registry):
    """What looks safe and is not: look whether it was used, then use it."""

    def use(self, link, token):
        key = self._find(link.channel_id, token)
        link.how = "looked first"
        return key.partner_id

    replace_methods(registry["b2b2c.chat.key"], _use=use)


def test_control_without_the_condition_several_get_it(database, report):
    winners = run(database, look_first)
    report("one-time links, looked at first", most=max(winners))
    assert max(winners) > 1, "the harness did not notice"
