"""Proof that the ledger is what it was when it was sealed."""

from dataclasses import dataclass
from datetime import datetime

from odoo.tools import SQL

from ...engine import seals
from ..ledger.ledger_audit import Difference, get_missing_triggers
from . import sealed_rows, signing

_TABLES = ("b2b2c_seal", "b2b2c_seal_head")
_WORD_OF_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Tail:
    """Entries that have no seal yet.

    :param count: how many
    :param since: when the oldest of them was booked (naive UTC), ``None`` without any
    """

    count: int
    since: datetime | None


def verify(env):
    """Compare all entries that have a seal with their seals, and those with what was
    told to auditors.

    One page of entries is in memory at a time.

    :return: list of ``Difference``: of each company the first row that is not what it
        was, and every statement that is not
    """
    differences, told = _read_statements(env)
    companies = env.execute_query(
        SQL("SELECT DISTINCT company_id FROM b2b2c_seal ORDER BY 1")
    )
    for company_id in sorted({row[0] for row in companies} | told.keys()):
        fault = seals.find_fault(
            env["b2b2c.seal"]._iter_blocks(company_id),
            sealed_rows.iter_rows(env, company_id),
            sealed_rows.SHAPES,
            told.get(company_id),
        )
        if fault:
            differences.append(_word(env, company_id, fault))
    return differences + get_missing_triggers(env, _TABLES)


def get_tail(env):
    """Return what is booked and not sealed yet, of all companies."""
    tails = [
        _get_tail(env, company.id) for company in env["b2b2c.seal"]._get_companies()
    ]
    since = [tail.since for tail in tails if tail.since]
    return Tail(sum(tail.count for tail in tails), min(since, default=None))


def _get_tail(env, company_id):
    blocks = env["b2b2c.seal"]._read_blocks(company_id, latest=True)
    last = next((block.last for block in blocks), seals.BEGINNING)
    [row] = env.execute_query(
        SQL(
            """
            SELECT count(*), min(recorded_at) FROM b2b2c_ledger_entry
             WHERE company_id = %s AND (feed_position, id) > (%s, %s)
            """,
            company_id,
            last.position,
            last.row_id,
        )
    )
    return Tail(*row)


def _read_statements(env):
    """Return (differences, company id -> number of a seal -> hash that was told).

    Statements are few: one per night.
    """
    differences, told, keys = [], {}, signing.get_public_keys()
    for head in env["b2b2c.seal.head"].sudo().search([], order="id"):
        problem = head._get_problem(keys)
        if problem:
            differences.append(
                Difference("statement", head._name, head.id, "what was told", problem)
            )
        else:
            hashes = told.setdefault(head.company_id.id, {})
            hashes[head.number] = seals.read_hash(head.block_hash)
    return differences, told


def _word(env, company_id, fault):
    """Return a fault as a difference that names the entry, or the block."""
    model, record_id = "b2b2c.ledger.entry", fault.row and fault.row.row_id
    if fault.row is None:
        model = "b2b2c.seal"
        block = env[model].search(
            [("company_id", "=", company_id), ("number", "=", fault.block)], limit=1
        )
        record_id = block.id or 0
    return Difference(
        f"seal {fault.block} of company {company_id}: {fault.kind}",
        model,
        record_id,
        fault.sealed.hex() or _WORD_OF_NOTHING,
        fault.found.hex() or _WORD_OF_NOTHING,
    )
