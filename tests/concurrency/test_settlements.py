"""A fact is settled once, whoever settles which month at the same moment."""

from datetime import date
from functools import partial

import world

from tools import odoo_env

CLERKS = 4
ROUNDS = 4
SALES = 25  # of each round, 100 points each: 2.50
KEY = "b2b2c_settlement_line_entry_once"


def prepare(database, rounds, guarded=True):
    """Create a partner with sales for each round.

    :param bool guarded: whether the key keeps a fact to one line
    :return: ids of the agreements
    """
    with odoo_env.open_environment(database) as env:
        made = world.make(env)
        account = made.members._get_account(made.unit)
        agreements = []
        for number in range(rounds):
            partner = env["res.partner"].create(
                {"name": f"Partner {number}", "is_company": True}
            )
            agreement = env["b2b2c.partner.agreement"].create(
                {
                    "partner_id": partner.id,
                    "starts_on": "2020-01-01",
                    "rate_ids": [
                        (
                            0,
                            0,
                            {
                                "unit_id": made.unit.id,
                                "valid_from": "2020-01-01",
                                "point_value": 0.05,
                                "earned_percent": 50,
                            },
                        )
                    ],
                }
            )
            agreement.action_activate()
            agreements.append(agreement.id)
            for sale in range(SALES):
                name = f"R-{number}-{sale}"
                document = env["res.partner.category"].create({"name": name})
                env["b2b2c.partner.visit"]._note(
                    document, env.company, partner, date(2025, 1, 1), name
                )
                account._earn(
                    100,
                    source_key=name,
                    document_model=document._name,
                    document_id=document.id,
                    effective_at="2025-01-01 12:00:00",
                )
        if not guarded:
            env.cr.execute(f"DROP INDEX {KEY}")
        env.cr.commit()
    return agreements


def settle_one(env, agreement_id, month):
    """Settle a month; return whether this did it."""
    from odoo.exceptions import UserError

    agreement = env["b2b2c.partner.agreement"].browse(agreement_id)
    begin, end = date(2025, month, 1), date(2025, month, 28)
    try:
        return bool(env["b2b2c.settlement"]._draft(agreement, begin, end))
    except UserError:  # somebody settled a later month before
        env.cr.rollback()
        return False


def settle_all(racer, agreements):
    """Settle with each partner when all others do, each another month: nothing but the
    key of a fact keeps them apart."""
    settled = 0
    for agreement_id in agreements:
        racer.wait()
        job = partial(settle_one, agreement_id=agreement_id, month=racer.number + 1)
        settled += racer.transact(job, together=True)
    return settled


def run(database, rounds, guarded=True):
    """Let all settle all.

    :return: number of settlements, and ``(lines, amount)``
    """
    from race import race

    agreements = prepare(database, rounds, guarded)
    settled = race(database, *[partial(settle_all, agreements=agreements)] * CLERKS)
    [row] = world.query(
        database, "SELECT count(*), sum(amount) FROM b2b2c_settlement_line"
    )
    return sum(settled), row


def test_a_fact_is_settled_once(database, report):
    settled, (lines, amount) = run(database, ROUNDS)
    report("settled", clerks=CLERKS, rounds=ROUNDS, lines=lines, amount=amount)
    assert settled == ROUNDS
    assert lines == ROUNDS * SALES
    assert float(amount) == ROUNDS * SALES * 2.5


def test_control_without_the_key_facts_are_settled_twice(database, report):
    _settled, (lines, _amount) = run(database, 2, guarded=False)
    report("settled without the key", lines=lines, facts=2 * SALES)
    assert lines > 2 * SALES
