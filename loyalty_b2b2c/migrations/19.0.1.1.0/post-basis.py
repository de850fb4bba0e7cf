"""Entries of awards get their basis: what code read out of explanations before."""

from fractions import Fraction

from odoo import SUPERUSER_ID, api

_TRIGGER = "b2b2c_append_only_row"

# A reason of the explanation by its code, the first one.
_REASON = """
    jsonb_path_query_first(explanation, '$[*] ? (@.code == "{code}").params')
"""

# Entries of awards that several people share in: the reasons say how.
_SHARED = """
    SELECT e.id, coalesce(r.percent, 100)::text,
           jsonb_path_query_array(e.explanation,
               '$[*] ? (@.code == "shared" || @.code == "split")')
      FROM b2b2c_ledger_entry e
 LEFT JOIN (SELECT rule_id, sum(percent) AS percent
              FROM b2b2c_earning_rule_share GROUP BY rule_id) r USING (rule_id)
     WHERE e.id = ANY(%s)
       AND jsonb_path_exists(e.explanation,
               '$[*] ? (@.code == "shared" || @.code == "split")')
"""
_BATCH = 5000

_FILL = """
    WITH reasons AS (
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
               'part', '1', 'whole', '1',
               'hold', coalesce(r.held ->> 'kind', ''),
               'cause', coalesce(r.undone ->> 'cause', ''))
      FROM reasons r
     WHERE e.id = r.id
 RETURNING e.id
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
            **{name: _REASON.format(code=name) for name in ("basis", "held", "undone")}
        )
    )
    ids = [row[0] for row in cr.fetchall()]
    for begin in range(0, len(ids), _BATCH):
        _fill_shares(cr, ids[begin : begin + _BATCH])
    cr.execute(f"ALTER TABLE b2b2c_ledger_entry ENABLE TRIGGER {_TRIGGER}")
    env["b2b2c.ledger.entry"].invalidate_model(("basis",), flush=False)
    after = accounts._ledger_digest()
    if after != before:
        raise RuntimeError(f"The ledger changed: {before} became {after}")
    return len(ids)


def _fill_shares(cr, ids):
    """Write which part of a sale is whose, for entries that several people share."""
    cr.execute(_SHARED, [ids])
    shares = [
        (entry_id, _get_share(reasons) * 100 / Fraction(percent))
        for entry_id, percent, reasons in cr.fetchall()
    ]
    rows = [
        (entry_id, str(share.numerator), str(share.denominator))
        for entry_id, share in shares
        if share < 1
    ]
    if rows:
        cr.execute_values(
            """
            UPDATE b2b2c_ledger_entry e
               SET basis = e.basis || jsonb_build_object('part', v.part::text,
                                                         'whole', v.whole::text)
              FROM (VALUES %s) AS v (id, part, whole) WHERE e.id = v.id
            """,
            rows,
        )


def _get_share(reasons):
    """Return which share of an award an entry has.

    Shares come one after the other: "shared" says the percentage of one, and "split"
    behind it that several people divide it; alone, that they divide everything.

    :param reasons: these two of the explanation, in their order
    """
    shares = []
    for reason in reasons:
        if reason["code"] == "shared":
            shares.append(Fraction(reason["params"]["percent"]) / 100)
        else:
            whole = shares.pop() if shares else Fraction(1)
            shares.append(whole / int(reason["params"]["members"]))
    return sum(shares)


def _has_shares(cr):
    cr.execute(
        "SELECT EXISTS (SELECT FROM b2b2c_ledger_entry"
        " WHERE basis ->> 'part' <> basis ->> 'whole')"
    )
    return cr.fetchone()[0]
