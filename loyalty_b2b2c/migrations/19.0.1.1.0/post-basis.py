"""Entries of awards get their basis: what code read out of explanations before."""

from odoo import SUPERUSER_ID, api

_TRIGGER = "b2b2c_append_only_row"

# A reason of the explanation by its code, the first one.
_REASON = """
    jsonb_path_query_first(explanation, '$[*] ? (@.code == "{code}").params')
"""

# Shares come one after the other: "shared", and "split" behind it when several people
# divide that share.  The part of an award is the sum of the last figures, the whole is
# what all shares of its rule are worth.
_PARTS = """
    SELECT id, sum(share) FILTER (WHERE is_last) AS part,
           min(whole) * min(percent) / 100 AS whole
      FROM (SELECT e.id,
                   coalesce((SELECT sum(s.percent) FROM b2b2c_earning_rule_share s
                              WHERE s.rule_id = e.rule_id), 100) AS percent,
                   (r.reason #>> '{params,share}')::numeric AS share,
                   first_value((r.reason #>> '{params,whole}')::numeric)
                       OVER places AS whole,
                   r.reason ->> 'code' = 'split'
                   OR coalesce(lead(r.reason ->> 'code') OVER places, '') <> 'split'
                       AS is_last
              FROM b2b2c_ledger_entry e
        CROSS JOIN LATERAL jsonb_array_elements(e.explanation)
                           WITH ORDINALITY AS r (reason, place)
             WHERE e.award_key IS NOT NULL AND e.basis IS NULL
               AND r.reason ->> 'code' IN ('shared', 'split')
            WINDOW places AS (PARTITION BY e.id ORDER BY r.place)) parts
  GROUP BY id
"""

_FILL = """
    WITH parts AS ({parts}), reasons AS (
        SELECT id, {basis} AS basis, {held} AS held, {undone} AS undone
          FROM b2b2c_ledger_entry WHERE award_key IS NOT NULL AND basis IS NULL
    )
    UPDATE b2b2c_ledger_entry e
       SET basis = jsonb_build_object(
               'member', substring(e.award_key from '[|]m([0-9]+)$')::int,
               'trigger', coalesce(r.basis ->> 'trigger', ''),
               'quantity', coalesce(r.basis ->> 'quantity', '0'),
               'amount', coalesce(r.basis ->> 'amount', '0'),
               'lines', to_jsonb(coalesce(
                   string_to_array(nullif(r.basis ->> 'lines', ''), ' '), '{{}}')),
               'part', CASE WHEN p.part < p.whole THEN trim_scale(p.part)::text
                            ELSE '1' END,
               'whole', CASE WHEN p.part < p.whole THEN trim_scale(p.whole)::text
                             ELSE '1' END,
               'hold', coalesce(r.held ->> 'kind', ''),
               'cause', coalesce(r.undone ->> 'cause', ''))
      FROM reasons r LEFT JOIN parts p ON p.id = r.id
     WHERE e.id = r.id
"""


def migrate(cr, version):
    """Fill the column and count again the sales that several people share in.

    :raise RuntimeError: something else of the ledger changed
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    fill(env)
    if "b2b2c.stat.range" in env and _has_shares(cr):
        # one sale was counted once for each beneficiary
        env["b2b2c.stat.range"]._rebuild()


def fill(env):
    """Fill the basis of entries that have none.

    The ledger is append-only by trigger, and what is booked stays as it is: the digest
    over all entries is the same before and after.

    :return: number of entries
    :raise RuntimeError: something else of the ledger changed
    """
    cr, accounts = env.cr, env["b2b2c.account"]
    before = accounts._ledger_digest()
    cr.execute(f"ALTER TABLE b2b2c_ledger_entry DISABLE TRIGGER {_TRIGGER}")
    # only texts of this file: pylint: disable-next=sql-injection
    cr.execute(
        _FILL.format(
            parts=_PARTS,
            **{name: _REASON.format(code=name) for name in ("basis", "held", "undone")},
        )
    )
    number = cr.rowcount
    cr.execute(f"ALTER TABLE b2b2c_ledger_entry ENABLE TRIGGER {_TRIGGER}")
    env["b2b2c.ledger.entry"].invalidate_model(("basis",), flush=False)
    after = accounts._ledger_digest()
    if after != before:
        raise RuntimeError(f"The ledger changed: {before} became {after}")
    return number


def _has_shares(cr):
    cr.execute(
        "SELECT EXISTS (SELECT FROM b2b2c_ledger_entry"
        " WHERE basis ->> 'part' <> basis ->> 'whole')"
    )
    return cr.fetchone()[0]
