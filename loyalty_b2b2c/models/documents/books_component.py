"""What a change of some entries reaches, in one statement.

It is asked in the transaction that posts and pays, so it may not depend on what the
planner knows of the tables: where a table was counted while it was empty, a join in the
planner's order reads whole tables for each row of others.  ``OFFSET 0`` keeps each step
by itself, in the order it is written, and each finds its rows by an index.
"""

from odoo.tools import SQL

from . import cards
from .books_rows import NOTES, flush

# model -> fields that are read, flushed before
_READ_FIELDS = {
    "account.move": ("move_type", "reversed_entry_id", "debit_origin_id"),
    "account.move.line": ("move_id", "account_id", "quantity"),
    "account.partial.reconcile": ("debit_move_id", "credit_move_id"),
    "account.payment": ("move_id",),
    "sale.order.line": ("is_downpayment", "coupon_id"),
}


def read_component(env, ids):
    """Return the ids of the documents whose money may change with some entries.

    Money goes from credits to the debits they settle, from documents to their notes
    and back, and from down payments to the invoices that deduct them.  What was settled
    by one payment is reached only from that payment.

    :param ids: ids of ``account.move``
    """
    flush(env, _READ_FIELDS)
    near = [
        _near_settled(env),
        _near_reversals(),
        _near_order_lines(),
        _near_loose_payments(),
    ]
    if "debit_origin_id" in env["account.move"]._fields:
        near.append(SQL("SELECT move.debit_origin_id"))
    if cards.are_known(env):
        near.append(cards.select_paid_with(SQL("move")))
    rows = env.execute_query(
        SQL(
            """
            WITH RECURSIVE component AS (
                SELECT id FROM account_move WHERE id = ANY(%(ids)s)
             UNION
                (%(settling)s)
             UNION
                SELECT near.id
                  FROM component
                  JOIN account_move move ON move.id = component.id
            CROSS JOIN LATERAL (%(near)s) near (id)
                 WHERE near.id IS NOT NULL
            )
            SELECT move.id
              FROM component
              JOIN account_move move ON move.id = component.id
             WHERE move.move_type <> 'entry'
            """,
            ids=list(ids),
            settling=_settling(ids),
            near=SQL(" UNION ALL ").join(near),
        )
    )
    return [move_id for (move_id,) in rows]


def _settling(ids):
    """Select the notes that entries pay out."""
    return SQL(
        """
        SELECT credit.move_id
          FROM (SELECT id FROM account_move
                 WHERE id = ANY(%s) AND move_type = 'entry' OFFSET 0) move
    CROSS JOIN LATERAL (SELECT id FROM account_move_line
                 WHERE move_id = move.id OFFSET 0) item
    CROSS JOIN LATERAL (SELECT credit_move_id FROM account_partial_reconcile
                 WHERE debit_move_id = item.id OFFSET 0) p
    CROSS JOIN LATERAL (SELECT move_id FROM account_move_line
                 WHERE id = p.credit_move_id OFFSET 0) credit
        """,
        list(ids),
    )


def _near_settled(env):
    """Select what the credits of ``move`` settle: documents, and debts moved on."""
    return SQL(
        """
        SELECT settled.id
          FROM (SELECT id FROM account_move_line
                 WHERE move_id = move.id OFFSET 0) item
    CROSS JOIN LATERAL (SELECT debit_move_id FROM account_partial_reconcile
                 WHERE credit_move_id = item.id OFFSET 0) p
    CROSS JOIN LATERAL (SELECT move_id FROM account_move_line
                 WHERE id = p.debit_move_id OFFSET 0) debit
    CROSS JOIN LATERAL (SELECT id, move_type FROM account_move
                 WHERE id = debit.move_id OFFSET 0) settled
         WHERE settled.move_type <> 'entry' OR (NOT %s AND EXISTS (
               SELECT FROM (SELECT account_id FROM account_move_line
                             WHERE move_id = settled.id AND balance < 0 OFFSET 0) owed
                 JOIN account_account account ON account.id = owed.account_id
                  AND account.account_type = 'asset_receivable'))
        """,
        env["b2b2c.books"]._is_money(SQL.identifier("settled")),
    )


def _near_reversals():
    """Select what ``move`` credits and what credits it."""
    return SQL(
        """
        SELECT move.reversed_entry_id
     UNION ALL
        SELECT note.id FROM account_move note WHERE note.reversed_entry_id = move.id
        """
    )


def _near_order_lines():
    """Select what shares order lines with ``move`` and depends on it.

    Notes and invoices that were sold, and finals that deduct a down payment.
    """
    return SQL(
        """
        SELECT far.id
          FROM (SELECT id FROM account_move_line
                 WHERE move_id = move.id AND quantity > 0 OFFSET 0) item
    CROSS JOIN LATERAL (SELECT order_line_id FROM sale_order_line_invoice_rel
                 WHERE invoice_line_id = item.id OFFSET 0) own
    CROSS JOIN LATERAL (SELECT id, is_downpayment FROM sale_order_line
                 WHERE id = own.order_line_id OFFSET 0) line
    CROSS JOIN LATERAL (SELECT invoice_line_id FROM sale_order_line_invoice_rel
                 WHERE order_line_id = line.id OFFSET 0) same
    CROSS JOIN LATERAL (SELECT move_id, quantity FROM account_move_line
                 WHERE id = same.invoice_line_id OFFSET 0) other
    CROSS JOIN LATERAL (SELECT id, move_type FROM account_move
                 WHERE id = other.move_id OFFSET 0) far
         WHERE other.quantity < 0 AND line.is_downpayment
            OR far.move_type = ANY(%(notes)s) AND move.move_type <> far.move_type
            OR move.move_type = ANY(%(notes)s) AND move.move_type <> far.move_type
        """,
        notes=list(NOTES),
    )


def _near_loose_payments():
    """Select the invoices that are paid together with ``move``, without an entry."""
    return SQL(
        """
        SELECT named.invoice_id
          FROM (SELECT payment_id FROM account_move__account_payment
                 WHERE invoice_id = move.id OFFSET 0) own
    CROSS JOIN LATERAL (SELECT id FROM account_payment
                 WHERE id = own.payment_id AND move_id IS NULL OFFSET 0) payment
    CROSS JOIN LATERAL (SELECT invoice_id FROM account_move__account_payment
                 WHERE payment_id = payment.id OFFSET 0) named
        """
    )
