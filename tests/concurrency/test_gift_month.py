"""What a person gives away in a month stays within the limit, by whatever membership.

Two memberships of one person are two accounts, and two colleagues are two more: the
ledger's own guard holds none of them back for what the other gives.
"""

from functools import partial

import world
from controls import replace_methods

from tools import odoo_env

ROUNDS = 10
LIMIT = 10
PHONES = 4  # of one person, by two memberships


def prepare(database, rounds):
    """Make people who take part twice, and a gift of 10 points a month.

    :return: a pair of ids of memberships per round, the codes of two who get points,
        the id of the reward
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env, members=rounds + 2)
        first, second, *givers = made.members
        pairs = []
        for member in givers:
            other = made._create_member(partner_id=member.partner_id.id, role="owner")
            for one in (member, other):
                account = one._get_account(made.unit)
                account._earn(100, source_key=f"gift/{one.id}")
            pairs.append((member.id, other.id))
        reward = env["b2b2c.reward"].create(
            {
                "name": "Give points",
                "points": 1,
                "price_kind": "chosen",
                "kind": "transfer",
                "points_per_month": LIMIT,
            }
        )
        return pairs, (first.code, second.code), reward.id


def give_one(env, member_id, reward_id, code, key):
    """Give all that the limit allows; return how much was given."""
    request = env["b2b2c.redemption"]._request(
        env["b2b2c.member"].browse(member_id),
        env["b2b2c.reward"].browse(reward_id),
        request_key=key,
        amount=str(LIMIT),
        answers={"recipient": code},
    )
    return request.points


def give_all(racer, pairs, codes, reward_id):
    """Give when the person's other phones do; return what each round gave."""
    from odoo.addons.loyalty_b2b2c.exceptions import RedemptionError

    given = []
    for pair in pairs:
        racer.wait()
        job = partial(
            give_one,
            member_id=pair[racer.number % 2],
            reward_id=reward_id,
            code=codes[racer.number % 2],
            key=f"{racer.number}",
        )
        try:
            given.append(racer.transact(job, together=True))
        except RedemptionError:
            given.append(0)
    return given


def run(database, rounds, sabotage=None):
    """Let all phones give; return the points each person gave."""
    from race import race

    pairs, codes, reward_id = prepare(database, rounds)
    job = partial(give_all, pairs=pairs, codes=codes, reward_id=reward_id)
    given = race(database, *[job] * PHONES, sabotage=sabotage)
    return [sum(lap) for lap in zip(*given, strict=True)]


def test_the_limit_holds(database, report):
    given = run(database, ROUNDS)
    [(moved,)] = world.query(
        database,
        "SELECT sum(points) FROM b2b2c_ledger_entry"
        " WHERE entry_type = 'transfer' AND points > 0",
    )
    report("points given away", phones=PHONES, people=len(given), points=moved)
    assert given == [LIMIT] * ROUNDS
    assert moved == LIMIT * ROUNDS
    assert world.problems(database) == []


def do_not_line_up(registry):
    """Count what was given without lining the person's memberships up."""
    replace_methods(
        registry["b2b2c.redemption"], _line_up_person=lambda self, unit: None
    )


def test_control_two_accounts_do_not_see_each_other(database, report):
    given = run(database, 4, sabotage=do_not_line_up)
    report("points given away, not lined up", points=given, limit=LIMIT)
    assert max(given) > LIMIT, given
