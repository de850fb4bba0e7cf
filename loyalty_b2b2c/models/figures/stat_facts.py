"""What an entry means for the statistics, as a database function.

``b2b2c_stat_facts(low, high)`` turns the entries with an id from ``low`` to ``high``
into facts: which points went where, of which program, on which day.  The folding and
the tail of the reports both read it, so there is one definition of every figure.

Points that leave are counted for the program they came from: a spending belongs to no
program, but the lots it empties do.  That is why an entry can be several facts.  A
reservation empties them, a capture spends what was taken first, a release brings back
what was taken last.
"""

#: Figures of a fact.  ``outstanding`` is what is owed to participants, what is reserved
#: too: nothing was spent yet, and they may have it back;
#: outstanding = issued - reversed - spent - expired + adjusted + moved.
MEASURES = (
    "entries",
    "outstanding",
    "pending",
    "reserved",
    "debt",
    "written_off",
    "issued",
    "reversed",
    "spent",
    "expired",
    "adjusted",
    "moved",
    "amount",
)

# The sales amount an award was measured on is in its basis.  Each entry of an award
# carries the whole amount, so an entry counts the change since the one before; an award
# that is a part of what the sale is worth carries that part of the amount, so that a
# sale several people share in, or get in full each, counts once.
_AMOUNT = """
    coalesce(({entry}.basis ->> 'amount')::numeric
             * ({entry}.basis ->> 'part')::numeric
             / ({entry}.basis ->> 'whole')::numeric, 0)
"""

_FACTS = """
    CREATE OR REPLACE FUNCTION b2b2c_stat_facts(low bigint, high bigint)
    RETURNS TABLE (entry_id int4, company_id int4, unit_id int4, account_id int4,
                   program_id int4, rule_id int4, document_model varchar,
                   entry_type varchar, day date, {measures})
    LANGUAGE plpgsql STABLE ROWS 1000
    -- the range is mostly the last few entries: plan for the one that is asked for
    SET plan_cache_mode = force_custom_plan AS $$
    #variable_conflict use_column
    BEGIN
        RETURN QUERY
        WITH chosen AS MATERIALIZED (
            SELECT e.*, CASE
                       WHEN e.entry_type IN ('earn', 'confirm', 'void') THEN 'issued'
                       WHEN e.entry_type = 'redeem' THEN 'spent'
                       WHEN e.entry_type IN ('hold', 'release') THEN 'reserved'
                       WHEN e.entry_type = 'expire' THEN 'expired'
                       WHEN e.entry_type = 'adjust' THEN 'adjusted'
                       WHEN e.entry_type = 'transfer' THEN 'moved'
                       WHEN e.entry_type = 'repay' THEN 'reversed'
                       WHEN r.entry_type IN ('redeem', 'hold', 'release') THEN 'spent'
                       WHEN r.entry_type = 'expire' THEN 'expired'
                       WHEN r.entry_type = 'adjust' THEN 'adjusted'
                       ELSE 'reversed' END AS movement,
                   (e.effective_at AT TIME ZONE 'UTC'
                    AT TIME ZONE coalesce(c.b2b2c_timezone, 'UTC'))::date AS day
              FROM b2b2c_ledger_entry e
              JOIN res_company c ON c.id = e.company_id
         LEFT JOIN b2b2c_ledger_entry r ON r.id = e.reversal_of_id
             WHERE e.id BETWEEN low AND high
        ), taken AS MATERIALIZED (
            SELECT a.entry_id, o.program_id, o.rule_id, sum(a.points) AS points
              FROM chosen e
              JOIN b2b2c_ledger_allocation a ON a.entry_id = e.id
              JOIN b2b2c_ledger_lot l ON l.id = a.lot_id
              JOIN b2b2c_ledger_entry o ON o.id = l.entry_id
          GROUP BY a.entry_id, o.program_id, o.rule_id
        ), captured AS MATERIALIZED (
            SELECT e.id AS entry_id, o.program_id, o.rule_id,
                   sum(least(t.upto, b.points - e.points_held)
                       - greatest(t.upto - t.points, b.points)) AS points
              FROM chosen e
        CROSS JOIN LATERAL (SELECT coalesce(-sum(p.points_held), 0) AS points
                              FROM b2b2c_ledger_entry p
                             WHERE p.related_id = e.related_id AND p.id < e.id
                               AND p.entry_type = 'redeem') b
        CROSS JOIN LATERAL (SELECT a.lot_id, a.points,
                                   sum(a.points) OVER (ORDER BY a.id) AS upto
                              FROM b2b2c_ledger_allocation a
                             WHERE a.entry_id = e.related_id AND a.points > 0) t
              JOIN b2b2c_ledger_lot l ON l.id = t.lot_id
              JOIN b2b2c_ledger_entry o ON o.id = l.entry_id
             WHERE e.entry_type = 'redeem' AND e.points_held < 0
               AND t.upto > b.points
               AND t.upto - t.points < b.points - e.points_held
          GROUP BY e.id, o.program_id, o.rule_id
        ), parts AS (
            -- the entry itself, with the lots it opened
            SELECT e.id, e.program_id, e.rule_id, 1 AS entries,
                   e.points - e.points_held + coalesce(g.points, 0) AS change,
                   e.points_pending AS pending,
                   e.points_held - CASE WHEN e.movement = 'reserved'
                                        THEN coalesce(g.points, 0) ELSE 0 END
                   + coalesce(h.points, 0) AS reserved,
                   e.points_debt AS debt, e.points_lost AS written_off,
                   CASE WHEN e.award_key IS NOT NULL
                         AND NOT coalesce(e.is_manual, FALSE)
                         AND e.entry_type IN ('earn', 'confirm', 'void', 'reverse')
                        THEN {amount} - coalesce(before.amount, 0)
                        ELSE 0 END AS amount
              FROM chosen e
         LEFT JOIN (SELECT entry_id, sum(points) AS points
                      FROM taken GROUP BY entry_id) g ON g.entry_id = e.id
         LEFT JOIN (SELECT entry_id, sum(points) AS points
                      FROM captured GROUP BY entry_id) h ON h.entry_id = e.id
         LEFT JOIN LATERAL (
                    SELECT {amount_before} AS amount FROM b2b2c_ledger_entry p
                     WHERE p.award_key = e.award_key AND p.id < e.id
                       AND NOT coalesce(p.is_manual, FALSE)
                       AND p.entry_type IN ('earn', 'confirm', 'void', 'reverse')
                  ORDER BY p.id DESC LIMIT 1) before ON TRUE
             UNION ALL
            -- what it took out of lots, counted where these came from
            SELECT t.entry_id, t.program_id, t.rule_id, 0,
                   CASE WHEN e.movement = 'reserved' THEN 0 ELSE -t.points END, 0,
                   CASE WHEN e.movement = 'reserved' THEN t.points ELSE 0 END, 0, 0, 0
              FROM taken t JOIN chosen e ON e.id = t.entry_id
             UNION ALL
            -- and what it spends of what was reserved
            SELECT c.entry_id, c.program_id, c.rule_id, 0, -c.points, 0, -c.points,
                   0, 0, 0
              FROM captured c
        )
        SELECT e.id, e.company_id, e.unit_id, e.account_id, p.program_id, p.rule_id,
               e.document_model, e.entry_type, e.day, p.entries::numeric, p.change,
               p.pending, p.reserved, p.debt, p.written_off,
               CASE WHEN e.movement = 'issued' THEN p.change ELSE 0 END,
               CASE WHEN e.movement = 'reversed' THEN -p.change ELSE 0 END,
               CASE WHEN e.movement = 'spent' THEN -p.change ELSE 0 END,
               CASE WHEN e.movement = 'expired' THEN -p.change ELSE 0 END,
               CASE WHEN e.movement = 'adjusted' THEN p.change ELSE 0 END,
               CASE WHEN e.movement = 'moved' THEN p.change ELSE 0 END,
               p.amount
          FROM parts p JOIN chosen e ON e.id = p.id;
    END $$
"""


def install(cr):
    """Create the function that explains entries to the statistics."""
    # only names of this file: pylint: disable-next=sql-injection
    cr.execute(
        _FACTS.format(
            measures=", ".join(f"{name} numeric" for name in MEASURES),
            amount=_AMOUNT.format(entry="e"),
            amount_before=_AMOUNT.format(entry="p"),
        )
    )
