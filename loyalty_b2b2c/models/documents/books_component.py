"""What a change of some entries reaches, in one statement."""

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
          FROM account_move move
          JOIN account_move_line item ON item.move_id = move.id
          JOIN account_partial_reconcile p ON p.debit_move_id = item.id
          JOIN account_move_line credit ON credit.id = p.credit_move_id
         WHERE move.id = ANY(%s) AND move.move_type = 'entry'
        """,
        list(ids),
    )


def _near_settled(env):
    """Select what the credits of ``move`` settle: documents, and debts moved on."""
    return SQL(
        """
        SELECT settled.id
          FROM account_move_line item
          JOIN account_partial_reconcile p ON p.credit_move_id = item.id
          JOIN account_move_line debit ON debit.id = p.debit_move_id
          JOIN account_move settled ON settled.id = debit.move_id
         WHERE item.move_id = move.id
           AND (settled.move_type <> 'entry' OR (NOT %s AND EXISTS (
                SELECT FROM account_move_line owed
                  JOIN account_account account ON account.id = owed.account_id
                   AND account.account_type = 'asset_receivable'
                 WHERE owed.move_id = settled.id AND owed.balance < 0)))
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
        SELECT other.move_id
          FROM account_move_line item
          JOIN sale_order_line_invoice_rel own ON own.invoice_line_id = item.id
          JOIN sale_order_line line ON line.id = own.order_line_id
          JOIN sale_order_line_invoice_rel same ON same.order_line_id = line.id
          JOIN account_move_line other ON other.id = same.invoice_line_id
          JOIN account_move far ON far.id = other.move_id
         WHERE item.move_id = move.id AND item.quantity > 0
           AND (other.quantity < 0 AND line.is_downpayment
                OR far.move_type = ANY(%(notes)s) AND move.move_type <> far.move_type
                OR move.move_type = ANY(%(notes)s) AND move.move_type <> far.move_type)
        """,
        notes=list(NOTES),
    )


def _near_loose_payments():
    """Select the invoices that are paid together with ``move``, without an entry."""
    return SQL(
        """
        SELECT named.invoice_id
          FROM account_move__account_payment own
          JOIN account_payment payment
            ON payment.id = own.payment_id AND payment.move_id IS NULL
          JOIN account_move__account_payment named ON named.payment_id = payment.id
         WHERE own.invoice_id = move.id
        """
    )
