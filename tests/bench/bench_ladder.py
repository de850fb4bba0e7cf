"""Ten thousand dealers looked at anew: a midnight of a large company."""

import time

from harness import limit, note, workers

DEALERS = 10000
DAYS = 90  # with sales, for each of them
SECONDS = 60


def run(ctx):
    """Rows: seconds of a midnight that moves every dealer, and of one that moves few.

    The dealers' volumes lie in daily buckets; no document is read.
    """
    with ctx.fresh_database() as database, workers(database) as [worker]:
        worker.call("bench_ladder.enroll", number=DEALERS)
        found = worker.call("bench_ladder.midnight", days=3)
        later = worker.call("bench_ladder.midnight", days=60)
    return [
        limit(f"{DEALERS:,} dealers, 3 days later: s", found["seconds"],
              f"<= {SECONDS}", found["seconds"] <= SECONDS),
        limit(f"{DEALERS:,} dealers, 60 days later: s", later["seconds"],
              f"<= {SECONDS}", later["seconds"] <= SECONDS),
        note("dealers looked at, after 3 days", found["looked"], DEALERS),
        note("dealers looked at, after 60", later["looked"], DEALERS),
        note("tiers changed then", later["changed"]),
        limit("differences to plain SQL", later["differences"], "= 0",
              not later["differences"]),
    ]  # fmt: skip


# === IN THE WORKER === #


def enroll(registry, number):
    """Make dealers with `DAYS` days of sales each, by SQL, and look at them once."""
    import shop

    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        env.ref("base.group_user").implied_ids += env.ref(
            "product.group_product_pricelist"
        )
        ladder = env["b2b2c.ladder"].create(
            {
                "name": "Dealers",
                "timezone": "UTC",
                "document_kind_ids": env["b2b2c.document.kind"].search([]).ids,
            }
        )
        ladder.action_start()
        partners = env["res.partner"].create(
            [{"name": f"Dealer {n}", "is_company": True} for n in range(number)]
        )
        env.flush_all()
        cursor.execute(
            """
            INSERT INTO b2b2c_ladder_standing
                   (ladder_id, company_id, partner_id, enrolled_at, active, version)
            SELECT %s, %s, id, now() AT TIME ZONE 'UTC', true, 0
              FROM unnest(%s) AS p (id)
            """,
            [ladder.id, ladder.company_id.id, partners.ids],
        )
        # volumes around both thresholds: 0 to 1.2 million in three months
        cursor.execute(
            """
            INSERT INTO b2b2c_volume_day
                   (standing_id, ladder_id, company_id, day, value)
            SELECT s.id, s.ladder_id, s.company_id,
                   (now() AT TIME ZONE 'UTC')::date - d.n,
                   (s.id %% 97) * (1 + d.n %% 5) * 50
              FROM b2b2c_ladder_standing s, generate_series(0, %s) AS d (n)
            """,
            [DAYS],
        )
        cursor.commit()
        cursor.execute("ANALYZE b2b2c_volume_day; ANALYZE b2b2c_ladder_standing")
        env.invalidate_all()
        dealers = env["b2b2c.ladder.standing"].search([])
        for begin in range(0, len(dealers), 200):
            dealers[begin : begin + 200]._evaluate("enrolled")
            cursor.commit()
            env.invalidate_all()


def midnight(registry, days):
    """Look at every dealer as the cron does, `days` later; what it cost and found."""
    from datetime import timedelta
    from unittest.mock import patch

    import shop

    from odoo import fields

    from odoo.addons.loyalty_b2b2c.models.dealers import (
        b2b2c_ladder_standing_evaluation as module,
    )

    then = fields.Datetime.now() + timedelta(days=days)
    with registry.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM b2b2c_ladder_change")
        before = cursor.fetchone()[0]
    looked, begin = 0, time.perf_counter()
    with patch.object(fields.Datetime, "now", lambda: then):
        while done := module.in_transaction(registry, module._look_at_batch):
            looked += done
    seconds = time.perf_counter() - begin
    with registry.cursor() as cursor:
        env = shop.superuser(cursor)
        cursor.execute("SELECT count(*) FROM b2b2c_ladder_change")
        changed = cursor.fetchone()[0] - before
        cursor.execute(
            """
            SELECT count(*) FROM b2b2c_ladder_standing s
              JOIN LATERAL (
                   SELECT coalesce(sum(value), 0) AS volume FROM b2b2c_volume_day d
                    WHERE d.standing_id = s.id AND d.day <= %(day)s
                      AND d.day >= %(day)s::date + 1 - interval '3 months') v ON true
              JOIN b2b2c_ladder_tier t ON t.id = s.tier_id
             WHERE s.volume <> v.volume
                OR t.volume_from <> CASE WHEN v.volume >= 1000000 THEN 1000000
                                         WHEN v.volume >= 100000 THEN 100000
                                         ELSE 0 END
            """,
            {"day": then.date()},
        )
        differences = cursor.fetchone()[0]
        assert env
    return {
        "seconds": seconds,
        "looked": looked,
        "changed": changed,
        "differences": differences,
    }
