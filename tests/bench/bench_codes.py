"""Making codes: a million in one batch, guesses against them, and a sheet of labels."""

import time

from harness import limit, note

CODES = 1_000_000
SECONDS, MEGABYTES = 60, 300
LABELS, LABEL_SECONDS = 1000, 30
GUESSES = 1_000_000
SIZE = "SELECT pg_total_relation_size('b2b2c_code')"
HITS = "SELECT count(*) FROM b2b2c_code WHERE code = ANY(%s)"


def run(ctx):
    """Rows: seconds and megabytes of a million codes, hits, seconds of the labels."""
    with ctx.fresh_database() as database, ctx.open_environment(database) as env:
        from odoo.addons.loyalty_b2b2c.engine.product_code import new_codes

        product = env["product.product"].create({"name": "Toner", "type": "consu"})
        env.cr.execute(SIZE)
        empty = env.cr.fetchone()[0]
        started = time.perf_counter()
        batch = make(env, product, CODES)
        seconds = time.perf_counter() - started
        env.cr.execute(SIZE)
        size = (env.cr.fetchone()[0] - empty) / 1e6
        env.cr.execute("SELECT count(DISTINCT code), count(*) FROM b2b2c_code")
        distinct, rows = env.cr.fetchone()
        hits = 0
        for _part in range(10):
            env.cr.execute(HITS, [new_codes(GUESSES // 10)])
            hits += env.cr.fetchone()[0]
        started = time.perf_counter()
        pdf = print_labels(env, batch)
        printing = time.perf_counter() - started
    return [
        limit("1,000,000 codes, s", seconds, f"<= {SECONDS}", seconds <= SECONDS),
        limit("table and indexes, MB", size, f"<= {MEGABYTES}", size <= MEGABYTES),
        limit("different ones", distinct, f"= {CODES}", distinct == rows == CODES),
        limit("1,000,000 guesses: hits", hits, "= 0", hits == 0),
        limit("PDF of 1,000 labels, s", printing, f"<= {LABEL_SECONDS}",
              printing <= LABEL_SECONDS),
        note("its size, MB", len(pdf) / 1e6),
    ]  # fmt: skip


def make(env, product, count):
    """Make a batch of codes as its cron does, a commit per chunk."""
    batch = env["b2b2c.code.batch"].create(
        {"name": "Bench", "product_id": product.id, "count": count}
    )
    batch._prepare_making()
    batch._move("making", ("draft",))
    while batch.state == "making":
        batch._make_chunk()
        env.cr.commit()
    return batch


def print_labels(env, batch):
    """Return the PDF of the first labels."""
    printing = env["b2b2c.code.print"].create(
        {"batch_id": batch.id, "level": "unit", "first": 1, "last": LABELS}
    )
    report = env["ir.actions.report"]
    return report._render_qweb_pdf("loyalty_b2b2c.code_labels", printing.ids)[0]
