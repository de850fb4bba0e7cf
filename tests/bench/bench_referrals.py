"""Recommendations: random trees against plain Python, and codes that are guessed.

The guesses are the best there are: of the names of real codes, with a right check
character.  They come from many networks; the limit of the company stops them.
"""

import os
import random
import sys

from harness import limit, note

from tools.workspace import ROOT

TREES = int(os.environ.get("B2B2C_BENCH_TREES", "5000"))
GUESSES = int(os.environ.get("B2B2C_BENCH_GUESSES", "1000000"))
NETWORKS = 5000
CODES = 200


def run(ctx):
    """Rows: histories that differ, codes that were hit, and guesses answered."""
    with ctx.fresh_database() as database:
        with ctx.open_environment(database) as env:
            differing = _compare()
            answered, hits, problem = _guess(env)
    from odoo.addons.loyalty_b2b2c.models.referrals.b2b2c_referral_link import (
        MISSES_OF_COMPANY,
    )

    return [
        limit(f"{TREES} random trees: differences", differing, "= 0", differing == 0),
        limit(f"{GUESSES} guesses: hits", hits, "= 0", hits == 0),
        limit(
            f"{GUESSES} guesses: answered",
            answered,
            f"<= {MISSES_OF_COMPANY}",
            answered <= MISSES_OF_COMPANY,
        ),
        note(f"what the others are told: {problem}", GUESSES - answered),
    ]


def _compare():
    """Return how many histories the engine and the oracle tell differently."""
    from odoo.addons.loyalty_b2b2c.tests.referrals.test_referral_oracle import play

    different = 0
    for seed in range(TREES):
        found, expected = play(seed)
        different += found != expected
    return different


def _guess(env):
    """Guess codes; return how many guesses were answered, hits, and the refusal."""
    sys.path.insert(0, str(ROOT / "tests" / "concurrency"))
    import world

    from odoo.addons.loyalty_b2b2c.engine.referral_code import new_code

    made = world.make(env, members=CODES)
    program = made._create_program()
    campaign = env["b2b2c.referral.campaign"].create(
        {"name": "Friends", "program_id": program.id}
    )
    links = env["b2b2c.referral.link"]
    for member in made.members:
        links._ensure(member, campaign)
    env.cr.commit()
    chance = random.Random(5)
    answered = hits = 0
    refusal = ""
    for _number in range(GUESSES):
        guess = new_code("Member", chance.choice)
        asker = f"net:{chance.randrange(NETWORKS)}"
        found = links._find(guess, made.company, asker)
        env.cr.commit()  # each guess is a request of its own
        hits += bool(found.link)
        if found.problem == "too_often":
            refusal = found.message
        else:
            answered += 1
    return answered, hits, refusal
