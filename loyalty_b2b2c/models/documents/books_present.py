"""Which kinds of facts the books have about documents, before they are read."""

from odoo.tools import SQL

# kind -> what documents have that can have facts of it; ``OFFSET 0``: see
# :mod:`.books_component`
_SIGNS = {
    "edge": """
        SELECT FROM (SELECT id FROM account_move_line
                      WHERE move_id = ANY(%(ids)s) OFFSET 0) item
         CROSS JOIN LATERAL (
               SELECT FROM account_partial_reconcile WHERE debit_move_id = item.id
            UNION ALL
               SELECT FROM account_partial_reconcile WHERE credit_move_id = item.id
               OFFSET 0) p
    """,
    "reversal": """
        SELECT FROM account_move
         WHERE id = ANY(%(ids)s) AND reversed_entry_id IS NOT NULL
     UNION ALL
        SELECT FROM account_move WHERE reversed_entry_id = ANY(%(ids)s)
    """,
    "order_note": """
        SELECT FROM (SELECT id FROM account_move_line
                      WHERE move_id = ANY(%(ids)s) OFFSET 0) item
         CROSS JOIN LATERAL (SELECT order_line_id FROM sale_order_line_invoice_rel
                              WHERE invoice_line_id = item.id OFFSET 0) own
         CROSS JOIN LATERAL (SELECT FROM sale_order_line_invoice_rel
                              WHERE order_line_id = own.order_line_id
                                AND invoice_line_id <> item.id OFFSET 0) same
    """,
    "debit_note": "SELECT FROM account_move WHERE debit_origin_id = ANY(%(ids)s)",
    "advance": """
        SELECT FROM account_move_line
         WHERE move_id = ANY(%(ids)s) AND (quantity < 0 OR price_total < 0)
           AND display_type = 'product'
    """,
    "loose": """
        SELECT FROM (SELECT payment_id FROM account_move__account_payment
                      WHERE invoice_id = ANY(%(ids)s) OFFSET 0) named
         CROSS JOIN LATERAL (SELECT FROM account_payment
                              WHERE id = named.payment_id AND move_id IS NULL
                             OFFSET 0) payment
    """,
    # of any payment: which ones are those of the documents costs more than it saves
    "given_back": "SELECT FROM account_payment WHERE source_payment_id IS NOT NULL",
}


def find_present(env, ids):
    """Return the kinds of facts that there may be about documents.

    :param list ids: of ``account.move``
    :return: list of keys of the table above
    """
    kinds = [
        kind
        for kind in _SIGNS
        # module account_debit_note
        if kind != "debit_note" or "debit_origin_id" in env["account.move"]._fields
    ]
    signs = SQL(", ").join(
        SQL("EXISTS (%s)", SQL(_SIGNS[kind], ids=ids)) for kind in kinds
    )
    [row] = env.execute_query(SQL("SELECT %s", signs))
    return [kind for kind, is_present in zip(kinds, row, strict=True) if is_present]
