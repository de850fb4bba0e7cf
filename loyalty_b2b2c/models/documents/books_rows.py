"""What the books say about documents, in two statements for a set of them.

The first one asks what there is at all (:mod:`.books_present`): most documents have
little of it, and PostgreSQL plans a statement of everything longer than it runs.
Amounts come as text, because they are counted exactly.  ``OFFSET 0``: see
:mod:`.books_component`.
"""

from functools import partial

from odoo.tools import SQL

from . import cards
from .books_present import find_present

#: States in which a payment is none, although its reconciliation stays.
UNDONE_PAYMENT = ("draft", "canceled", "rejected")
INVOICES = ("out_invoice", "out_receipt")
NOTES = ("out_refund",)
SALES = INVOICES + NOTES

# model -> fields that are read, flushed before
_READ_FIELDS = {
    "account.account": ("account_type",),
    "account.move": (
        "state",
        "move_type",
        "currency_id",
        "company_id",
        "reversed_entry_id",
        "debit_origin_id",  # module account_debit_note
        "invoice_date_due",
        "origin_payment_id",
        "statement_line_id",
    ),
    "account.move.line": (
        "move_id",
        "account_id",
        "balance",
        "amount_currency",
        "currency_id",
        "display_type",
        "quantity",
        "price_total",
        "discount_date",
        "discount_amount_currency",
        "tax_line_id",
    ),
    "account.partial.reconcile": (
        "debit_move_id",
        "credit_move_id",
        "amount",
        "max_date",
    ),
    "account.payment": ("state", "move_id", "amount", "date", "source_payment_id"),
    "sale.order.line": ("is_downpayment", "reward_id", "coupon_id"),
}
# of sale_loyalty
_CARD_FIELDS = {"loyalty.card": ("order_id", "program_id")}


def read_facts(env, ids):
    """Read what the books say about documents: invoices, notes, entries.

    Only what is in force is told: posted, and no payment that was undone.

    :param ids: ids of ``account.move``
    :return: list of ``(kind, id of the document, values)``; the kinds and their values
        are those of the statements below
    """
    flush(env, _READ_FIELDS)
    if cards.are_known(env):
        flush(env, _CARD_FIELDS)
    ids = list(ids)
    present = find_present(env, ids)
    clauses = [SQL("own AS MATERIALIZED (%s)", _own(ids))]
    if "edge" in present:
        clauses += [
            SQL("edge AS MATERIALIZED (%s)", _edge()),
            SQL("entry AS MATERIALIZED (%s)", _entry()),
        ]
    given_back = _given_back() if "given_back" in present else SQL("0::numeric")
    selects = {
        "edge": partial(_edges, given_back),
        "reversal": _reversals,
        "order_note": _order_notes,
        "debit_note": _debit_notes,
        "advance": _advances,
        "loose": partial(_loose_payments, given_back),
    }
    asked = [select for kind, select in selects.items() if kind in present]
    return env.execute_query(
        SQL(
            "WITH %s %s",
            SQL(", ").join(clauses),
            SQL(" UNION ALL ").join(
                [_heads(ids), *(select(env, ids) for select in asked)]
            ),
        )
    )


def flush(env, names):
    """Write what is read to the database.

    :param names: dict model -> names of the fields that are read
    """
    for model, fields in names.items():
        known = env[model]._fields
        env[model].flush_model([name for name in fields if name in known])


# === WHAT IS RECONCILED === #


def _own(ids):
    """Select the journal items of documents that can be reconciled with payments."""
    return SQL(
        """
        SELECT item.id, item.move_id, item.balance, item.amount_currency,
               item.currency_id, item.discount_date, item.discount_amount_currency
          FROM account_move_line item
          JOIN account_account account ON account.id = item.account_id
         WHERE item.move_id = ANY(%s)
           AND account.account_type IN ('asset_receivable', 'liability_payable')
        """,
        ids,
    )


def _edge():
    """Select what they are reconciled with, differences of exchange left out.

    ``side`` is 1 where a debit of the document is settled, and -1 where a credit is.
    """
    return SQL(
        """
        SELECT partial.*, item.move_id AS other_id
          FROM (SELECT own.move_id, p.id, 1 AS side, p.max_date AS day, p.amount,
                       p.debit_amount_currency AS amount_own,
                       p.credit_amount_currency AS amount_other,
                       p.credit_move_id AS item_id
                  FROM own
                  JOIN account_partial_reconcile p ON p.debit_move_id = own.id
             UNION ALL
                SELECT own.move_id, p.id, -1, p.max_date, p.amount,
                       p.credit_amount_currency, p.debit_amount_currency,
                       p.debit_move_id
                  FROM own
                  JOIN account_partial_reconcile p ON p.credit_move_id = own.id
               ) partial
          JOIN account_move_line item ON item.id = partial.item_id
         WHERE NOT EXISTS (
               SELECT FROM account_partial_reconcile x
                WHERE x.exchange_move_id = item.move_id)
        """
    )


def _entry():
    """Select what stands behind each journal entry on the other side.

    ``money`` and ``lost`` are what its other items debit: things of value, and what
    is written off; ``debit`` and ``credit`` what customers owe by it, and what they
    owe no more.  In the currency of the entry if it has only one: there a difference
    of exchange is nothing.  The tax of what is written off is written off with it; one
    that the customer withheld, which is below zero, was paid.  Accounts can be named in
    the settings of a company, for itself and its branches.
    """
    return SQL(
        """
        SELECT move_id,
               sum(balance) FILTER (WHERE kind = 'money') AS money,
               sum(balance) FILTER (WHERE kind = 'lost') AS lost,
               sum(balance) FILTER (WHERE kind = 'owed' AND balance > 0) AS debit,
               -sum(balance) FILTER (WHERE kind = 'owed' AND balance < 0) AS credit
          FROM (
        SELECT item.move_id,
               CASE WHEN min(item.currency_id) OVER one = max(item.currency_id) OVER one
                    THEN item.amount_currency ELSE item.balance END AS balance,
               CASE WHEN account.account_type = 'asset_receivable' THEN 'owed'
                    WHEN EXISTS (
                         SELECT FROM b2b2c_company_money_account_rel listed
                          WHERE listed.account_id = account.id
                            AND listed.company_id = ANY(%(parents)s)) THEN 'money'
                    WHEN EXISTS (
                         SELECT FROM b2b2c_company_loss_account_rel listed
                          WHERE listed.account_id = account.id
                            AND listed.company_id = ANY(%(parents)s)) THEN 'lost'
                    WHEN account.id IN (company.income_currency_exchange_account_id,
                                        company.expense_currency_exchange_account_id)
                         OR account.account_type = 'off_balance' THEN NULL
                    WHEN account.account_type ~ '^(income|expense)' THEN 'lost'
                    WHEN tax.type_tax_use = 'sale' AND tax.amount > 0 THEN 'lost'
                    ELSE 'money' END AS kind
          FROM (SELECT DISTINCT other_id FROM edge) other
    CROSS JOIN LATERAL (SELECT id, company_id FROM account_move
                 WHERE id = other.other_id AND move_type = 'entry' OFFSET 0) move
    CROSS JOIN LATERAL (SELECT move_id, account_id, currency_id, amount_currency,
                         balance, tax_line_id
                  FROM account_move_line WHERE move_id = move.id OFFSET 0) item
          JOIN res_company company ON company.id = move.company_id
          JOIN account_account account ON account.id = item.account_id
     LEFT JOIN account_tax tax ON tax.id = item.tax_line_id
        WINDOW one AS (PARTITION BY item.move_id)
               ) listed
      GROUP BY move_id
        """,
        parents=SQL("string_to_array(rtrim(company.parent_path, '/'), '/')::integer[]"),
    )


def _in_force(move, payment):
    """Return the condition that an entry, or the entry of a payment, is in force."""
    return SQL(
        "(%s.state = 'posted' AND coalesce(%s.state, '') <> ALL (%s))",
        SQL.identifier(move),
        SQL.identifier(payment),
        list(UNDONE_PAYMENT),
    )


# === FACTS, ONE STATEMENT A KIND === #


def _heads(ids):
    """Select what is due: ``head``.

    Of an invoice or note the sum of its terms in its currency; of an entry what
    customers owe by it, in the currency of those items if they have only one.

    :return: type, currency of the amount, whether it is the items' own currency, due
        day, amount, early-payment discount, its last day, the currency's rounding
    """
    return SQL(
        """
        SELECT 'head' AS kind, move.id, jsonb_build_array(
               move.move_type,
               CASE WHEN move.move_type <> 'entry' THEN move.currency_id
                    WHEN min(own.currency_id) = max(own.currency_id)
                    THEN min(own.currency_id) ELSE company.currency_id END,
               move.move_type <> 'entry' OR min(own.currency_id) = max(own.currency_id),
               move.invoice_date_due,
               coalesce(CASE
                   WHEN move.move_type <> 'entry' THEN sum(own.amount_currency)
                   WHEN min(own.currency_id) = max(own.currency_id)
                   THEN sum(own.amount_currency) FILTER (WHERE own.balance > 0)
                   ELSE sum(own.balance) FILTER (WHERE own.balance > 0) END, 0)::text,
               coalesce(sum(own.amount_currency - own.discount_amount_currency)
                   FILTER (WHERE own.discount_date IS NOT NULL
                             AND own.discount_amount_currency <> 0), 0)::text,
               max(own.discount_date), currency.rounding::text)
          FROM account_move move
          JOIN res_company company ON company.id = move.company_id
          JOIN res_currency currency
            ON currency.id = coalesce(move.currency_id, company.currency_id)
     LEFT JOIN own ON own.move_id = move.id
     LEFT JOIN account_payment payment ON payment.id = move.origin_payment_id
         WHERE move.id = ANY(%s) AND %s
      GROUP BY move.id, company.id, currency.id
        """,
        ids,
        _in_force("move", "payment"),
    )


def _edges(given_back, env, _ids):
    """Select what settles documents: ``edge``.

    What a provider gave back of a payment (and no note took up) is no money.

    :return: reconciliation, side, day, amounts in the document's, the other entry's and
        the company's currency, other entry and its type, is it of a bank statement?,
        is it money whatever its accounts?, money, lost, debit, credit (in one
        currency), share that was given back
    """
    return SQL(
        """
        SELECT 'edge', edge.move_id, jsonb_build_array(
               edge.id, edge.side, edge.day, edge.amount_own::text,
               edge.amount_other::text, edge.amount::text, other.id, other.move_type,
               other.statement_line_id IS NOT NULL, %(is_money)s,
               coalesce(entry.money, 0)::text, coalesce(entry.lost, 0)::text,
               coalesce(entry.debit, 0)::text, coalesce(entry.credit, 0)::text,
               coalesce(%(given_back)s / nullif(payment.amount, 0), 0)::text)
          FROM edge
          JOIN account_move other ON other.id = edge.other_id
     LEFT JOIN account_payment payment ON payment.id = other.origin_payment_id
     LEFT JOIN entry ON entry.move_id = other.id
         WHERE %(in_force)s
        """,
        is_money=env["b2b2c.books"]._is_money(SQL.identifier("other")),
        given_back=given_back,
        in_force=_in_force("other", "payment"),
    )


def _given_back():
    """Select what was given back of ``payment`` without a note, in its currency."""
    return SQL(
        """
        (SELECT sum(refund.amount)
           FROM account_payment refund
          WHERE refund.source_payment_id = payment.id
            AND refund.state <> ALL (%s)
            AND NOT EXISTS (
                SELECT FROM account_move_line item
                  JOIN account_account account ON account.id = item.account_id
                   AND account.account_type = 'asset_receivable'
                  JOIN account_partial_reconcile p ON p.debit_move_id = item.id
                 WHERE item.move_id = refund.move_id))
        """,
        list(UNDONE_PAYMENT),
    )


def _reversals(_env, ids):
    """Select what documents credit and what credits them: ``origin`` and ``note``.

    :return: the other document
    """
    return SQL(
        """
        SELECT 'origin', note.id, jsonb_build_array(note.reversed_entry_id)
          FROM account_move note
         WHERE note.id = ANY(%(ids)s) AND note.reversed_entry_id IS NOT NULL
     UNION ALL
        SELECT 'note', note.reversed_entry_id, jsonb_build_array(note.id)
          FROM account_move note
         WHERE note.reversed_entry_id = ANY(%(ids)s) AND note.state = 'posted'
        """,
        ids=ids,
    )


def _order_notes(_env, ids):
    """Select the same for notes that name no invoice but credit order lines of some.

    :return: the other document
    """
    return SQL(
        """
        SELECT DISTINCT CASE WHEN move.move_type = ANY(%(notes)s)
                             THEN 'origin' ELSE 'note' END,
               move.id, jsonb_build_array(far.id)
          FROM (SELECT id, move_type, reversed_entry_id FROM account_move
                 WHERE id = ANY(%(ids)s) AND state = 'posted' OFFSET 0) move
    CROSS JOIN LATERAL (SELECT id FROM account_move_line
                 WHERE move_id = move.id AND quantity > 0 OFFSET 0) item
    CROSS JOIN LATERAL (SELECT order_line_id FROM sale_order_line_invoice_rel
                 WHERE invoice_line_id = item.id OFFSET 0) own
    CROSS JOIN LATERAL (SELECT invoice_line_id FROM sale_order_line_invoice_rel
                 WHERE order_line_id = own.order_line_id
                   AND invoice_line_id <> item.id OFFSET 0) same
    CROSS JOIN LATERAL (SELECT move_id FROM account_move_line
                 WHERE id = same.invoice_line_id AND quantity > 0 OFFSET 0) other
    CROSS JOIN LATERAL (SELECT id, move_type, reversed_entry_id FROM account_move
                 WHERE id = other.move_id AND state = 'posted' OFFSET 0) far
         WHERE move.move_type = ANY(%(notes)s) AND move.reversed_entry_id IS NULL
               AND far.move_type = ANY(%(invoices)s)
            OR far.move_type = ANY(%(notes)s) AND far.reversed_entry_id IS NULL
               AND move.move_type = ANY(%(invoices)s)
        """,
        ids=ids,
        notes=list(NOTES),
        invoices=list(INVOICES),
    )


def _debit_notes(_env, ids):
    """Select the debit notes of documents: ``debit``.

    :return: the debit note
    """
    return SQL(
        """
        SELECT 'debit', note.debit_origin_id, jsonb_build_array(note.id)
          FROM account_move note
         WHERE note.debit_origin_id = ANY(%s) AND note.state = 'posted'
        """,
        ids,
    )


def _advances(env, ids):
    """Select what documents deduct for down payments and cards: ``advance``.

    :return: order line, amount with taxes in the document's currency
        (below zero in an invoice), invoices of the down payment
    """
    return SQL(
        """
        SELECT 'advance', item.move_id, jsonb_build_array(
               line.id, item.price_total::text, (
               SELECT coalesce(jsonb_agg(DISTINCT down.move_id), '[]')
                 FROM sale_order_line_invoice_rel same
                 JOIN account_move_line down
                   ON down.id = same.invoice_line_id AND down.quantity > 0
                  AND down.price_total > 0
                 JOIN account_move invoice ON invoice.id = down.move_id
                  AND invoice.state = 'posted' AND invoice.move_type = ANY(%s)
                WHERE same.order_line_id = line.id))
          FROM (SELECT id, move_id, price_total FROM account_move_line
                 WHERE move_id = ANY(%s) AND (quantity < 0 OR price_total < 0)
                   AND display_type = 'product' OFFSET 0) item
    CROSS JOIN LATERAL (SELECT order_line_id FROM sale_order_line_invoice_rel
                 WHERE invoice_line_id = item.id OFFSET 0) rel
          JOIN sale_order_line line
            ON line.id = rel.order_line_id AND %s
        """,
        list(INVOICES),
        ids,
        env["b2b2c.books"]._is_advance(),
    )


def _loose_payments(given_back, _env, ids):
    """Select payments without an entry, which only name their invoices: ``loose``.

    :return: payment, currency, state, day, amount that was kept, invoices it names
    """
    return SQL(
        """
        SELECT 'loose', rel.invoice_id, jsonb_build_array(
               payment.id, payment.currency_id, payment.state, payment.date,
               (payment.amount - coalesce(%s, 0))::text,
               (SELECT jsonb_agg(named.invoice_id)
                  FROM account_move__account_payment named
                 WHERE named.payment_id = payment.id))
          FROM account_move__account_payment rel
          JOIN account_payment payment
            ON payment.id = rel.payment_id AND payment.move_id IS NULL
           AND payment.state IN ('in_process', 'paid')
         WHERE rel.invoice_id = ANY(%s)
        """,
        given_back,
        ids,
    )
