"""Two people bring each other at the same time, and both bring one customer.

At most one of the two brought the other: nobody is, over whomever, above himself.  And
a customer was brought once.
"""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

ROUNDS = world.length(full=1000, gate=20)


def prepare(database, rounds):
    """Make two recommenders with a code each, and a customer, for each round.

    :return: a list of (ids of the links, ids of the people, id of the customer)
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=0)
        program = made._create_program({"role": "recommender", "pick": "referrer"})
        campaign = env["b2b2c.referral.campaign"].create(
            {"name": "Friends", "program_id": program.id, "limit_day": 0}
        )
        laps = []
        for number in range(rounds):
            pair = env["b2b2c.member"]
            for name in ("Anna", "Bela"):
                pair |= made._create_member(
                    name=f"{name} {number}",
                    role="recommender",
                    email=f"{name}{number}@example.com",
                    phone=False,
                )
            links = [env["b2b2c.referral.link"]._ensure(one, campaign) for one in pair]
            customer = env["res.partner"].create({"name": f"Customer {number}"})
            laps.append(([link.id for link in links], pair.partner_id.ids, customer.id))
        return laps


def bring(env, link_id, partner_id):
    """Bring somebody with a code; return who stands as having brought this one."""
    link = env["b2b2c.referral.link"].browse(link_id)
    partner = env["res.partner"].browse(partner_id)
    return env["b2b2c.referral"]._bind(link, partner, "join").state


def bring_all(racer, laps):
    """Bring, in each round, the other one and the customer, when the other does."""
    mine, other = racer.number, 1 - racer.number
    for links, people, customer in laps:
        for partner_id in (people[other], customer):
            racer.wait()
            job = partial(bring, link_id=links[mine], partner_id=partner_id)
            racer.transact(job, together=True)


def run(database, rounds, sabotage=None, before=None):
    """Let both bring all.

    :param before: SQL that takes a guard of the database away
    :return: numbers: pairs that brought each other, customers that were brought more
        than once, and recommendations that count
    """
    from race import race

    laps = prepare(database, rounds)
    if before:
        world.query(database, before)
    race(database, *[partial(bring_all, laps=laps)] * 2, sabotage=sabotage)
    [(cycles,)] = world.query(
        database,
        """SELECT count(*) / 2 FROM b2b2c_referral r
             JOIN b2b2c_member m ON m.id = r.referrer_id
             JOIN b2b2c_referral s ON s.partner_id = m.partner_id
             JOIN b2b2c_member n ON n.id = s.referrer_id
            WHERE n.partner_id = r.partner_id
              AND r.state = 'active' AND s.state = 'active'""",
    )
    [(twice,)] = world.query(
        database,
        """SELECT count(*) FROM (
               SELECT partner_id FROM b2b2c_referral WHERE state = 'active'
             GROUP BY partner_id HAVING count(*) > 1) p""",
    )
    [(brought,)] = world.query(
        database, "SELECT count(*) FROM b2b2c_referral WHERE state = 'active'"
    )
    return cycles, twice, brought


def test_nobody_is_above_himself(database, report):
    cycles, twice, brought = run(database, ROUNDS)
    report("two who bring each other", rounds=ROUNDS, cycles=cycles, twice=twice)
    assert (cycles, twice) == (0, 0)
    # of each two one, and each customer
    assert brought == 2 * ROUNDS


def look_up(registry):
    """What looks safe and is not: look whether the other was brought by me."""

    def is_before(self, partner, other):
        found = self.env["b2b2c.referral"].search(
            [
                ("partner_id", "=", partner.id),
                ("referrer_id.partner_id", "=", other.id),
                ("state", "=", "active"),
            ]
        )
        return not found

    # a place in the order also puts those in a line who bring the same customer
    replace_methods(
        registry["b2b2c.referral.person"],
        _is_before=is_before,
        _appear=lambda self, partners: None,
    )


def test_control_looking_up_the_line_is_no_guard(database, report):
    without = "DROP INDEX b2b2c_referral_standing_once"
    cycles, twice, _brought = run(database, 6, sabotage=look_up, before=without)
    report("two who bring each other, looked up", cycles=cycles, twice=twice)
    assert cycles > 0
    assert twice > 0
