"""A sale that each of several people got in full counts once in the figures."""

from odoo import SUPERUSER_ID, api

_TRIGGER = "b2b2c_append_only_row"

# Which part of the sale is whose: one of as many as were booked for a source.
_FILL = """
    WITH awarded AS (
        SELECT regexp_replace(e.award_key, '[|]m[0-9]+$', '') AS source_and_rule,
               count(DISTINCT e.award_key) AS members
          FROM b2b2c_ledger_entry e
          JOIN b2b2c_earning_rule r ON r.id = e.rule_id AND r.pick = 'each'
         WHERE e.award_key IS NOT NULL
           AND NOT EXISTS (SELECT FROM b2b2c_earning_rule_share s
                            WHERE s.rule_id = r.id)
      GROUP BY 1
    )
    UPDATE b2b2c_ledger_entry e
       SET basis = e.basis || jsonb_build_object('whole', a.members::text)
      FROM awarded a
     WHERE a.source_and_rule = regexp_replace(e.award_key, '[|]m[0-9]+$', '')
       AND a.members > 1
       AND e.basis ->> 'trigger' <> '' AND e.basis ->> 'whole' = '1'
"""


def migrate(cr, version):
    """Write the parts, and add the figures up again when there were any.

    The ledger is append-only by trigger, and what is booked stays as it is: the digest
    over all entries is the same before and after.

    :raise RuntimeError: something else of the ledger changed
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    accounts = env["b2b2c.account"]
    before = accounts._ledger_digest()
    cr.execute(f"ALTER TABLE b2b2c_ledger_entry DISABLE TRIGGER {_TRIGGER}")
    cr.execute(_FILL)
    number = cr.rowcount
    cr.execute(f"ALTER TABLE b2b2c_ledger_entry ENABLE TRIGGER {_TRIGGER}")
    env["b2b2c.ledger.entry"].invalidate_model(("basis",), flush=False)
    after = accounts._ledger_digest()
    if after != before:
        raise RuntimeError(f"The ledger changed: {before} became {after}")
    if number and "b2b2c.stat.range" in env:
        env["b2b2c.stat.range"]._rebuild()
