"""Proof that books are what they were when they were sealed."""

from dataclasses import dataclass
from datetime import datetime

from odoo.tools import SQL

from ...engine import seals
from ..ledger.ledger_audit import TABLES, Difference, get_missing_triggers
from . import signing

_WORD_OF_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Tail:
    """Rows that have no seal yet.

    :param count: how many
    :param since: when the oldest of them was written (naive UTC), ``None`` without any
    """

    count: int
    since: datetime | None


def verify(env):
    """Compare all rows that have a seal with their seals, and those with what was told
    to auditors.

    One page of each book is in memory at a time.

    :return: list of ``Difference``: of each company the first row that is not what it
        was, and every statement that is not
    """
    differences, told = _read_statements(env)
    companies = env.execute_query(
        SQL("SELECT DISTINCT company_id FROM b2b2c_seal ORDER BY 1")
    )
    books = env["b2b2c.sealed"]._get_books()
    for company_id in sorted({row[0] for row in companies} | told.keys()):
        fault = seals.find_fault(
            env["b2b2c.seal"]._iter_blocks(company_id),
            {
                book._name: seals.Book(
                    book._iter_sealed_rows(company_id), book._sealed_shapes
                )
                for book in books
            },
            told.get(company_id),
        )
        if fault:
            differences.append(_word(env, company_id, fault))
    # the ledger looks at its own
    tables = {"b2b2c_seal", *(book._table for book in books)} - {*TABLES}
    return differences + get_missing_triggers(env, tables)


def get_tail(env):
    """Return what is written and not sealed yet, of all companies and books."""
    tails = [
        Tail(*book._get_unsealed(company.id, place))
        for company in env["b2b2c.seal"]._get_companies()
        for book in env["b2b2c.sealed"]._get_books()
        for place in [env["b2b2c.seal"]._get_last_place(company.id, book._name)]
    ]
    since = [tail.since for tail in tails if tail.since]
    return Tail(sum(tail.count for tail in tails), min(since, default=None))


def _read_statements(env):
    """Return (differences, company id -> number of a seal -> hash that was told).

    Statements are few: one per night.
    """
    differences, told, keys = [], {}, signing.get_public_keys()
    heads = env["b2b2c.seal.head"].sudo().search([], order="id")
    last = {head.company_id: head for head in heads}
    for head in heads:
        problem = head._get_problem(keys)
        if keys and not head.signature and head == last[head.company_id]:
            # earlier ones are covered by the next that is signed
            problem = problem or "no signature, though the server has a key"
        if problem:
            differences.append(
                Difference("statement", head._name, head.id, "what was told", problem)
            )
        else:
            hashes = told.setdefault(head.company_id.id, {})
            hashes[head.number] = seals.read_hash(head.block_hash)
    return differences, told


def _word(env, company_id, fault):
    """Return a fault as a difference that names the row, or the block and its rows."""
    name = f"seal {fault.block} of company {company_id}"
    if fault.row:
        model, record_id = fault.book, fault.row.row_id
    else:
        model = "b2b2c.seal"
        block = env[model].search(
            [("company_id", "=", company_id), ("number", "=", fault.block)], limit=1
        )
        record_id = block.id or 0
        if block:
            name += f" ({block.book} {block.first_place} to {block.last_place})"
    return Difference(
        f"{name}: {fault.kind}",
        model,
        record_id,
        fault.sealed.hex() or _WORD_OF_NOTHING,
        fault.found.hex() or _WORD_OF_NOTHING,
    )
