"""What had a key of 32 characters for a name has a short number now.

Sales at the terminal without a receipt number, and photos that nobody read.
"""


def migrate(cr, version):
    """Number them anew, in their order, and let the sequences go on from there."""
    cr.execute(
        """
        WITH old AS (
            SELECT o.id, o.document_id, o.reference,
                   'T-' || lpad(row_number() OVER (ORDER BY o.id)::text, 5, '0') AS new
              FROM b2b2c_terminal_operation o
             WHERE NOT coalesce(o.has_receipt, FALSE)
               AND length(o.reference) >= 18 AND starts_with(o.reference, 'T-')
        ), operation AS (
            UPDATE b2b2c_terminal_operation o SET reference = old.new
              FROM old WHERE old.id = o.id
        ), message AS (
            -- the name as it was sent stays in the mail, not on our screens
            UPDATE b2b2c_notification n
               SET document_name = replace(n.document_name, old.reference, old.new)
              FROM old JOIN b2b2c_terminal_operation o ON o.id = old.id
             WHERE n.member_id = o.member_id
               AND position(old.reference IN n.document_name) > 0
        ), document AS (
            UPDATE b2b2c_external_document d SET reference = old.new
              FROM old WHERE old.document_id = d.id
        )
        SELECT count(*) FROM old
        """
    )
    _go_on(cr, "b2b2c.terminal.operation", cr.fetchone()[0])
    cr.execute(
        """
        WITH old AS (
            SELECT c.id,
                   'R-' || lpad(row_number() OVER (ORDER BY c.id)::text, 5, '0') AS new
              FROM b2b2c_claim c JOIN b2b2c_receipt r ON r.claim_id = c.id
             WHERE c.reference = upper(left(r.upload_hash, 8))
        ), claim AS (
            UPDATE b2b2c_claim c SET reference = old.new FROM old WHERE old.id = c.id
        )
        SELECT count(*) FROM old
        """
    )
    _go_on(cr, "b2b2c.receipt", cr.fetchone()[0])


def _go_on(cr, code, count):
    """Let the next number of a sequence follow the last one given here."""
    cr.execute("SELECT id FROM ir_sequence WHERE code = %s", (code,))
    (sequence_id,) = cr.fetchone()
    # of Odoo's standard sequences, whose next number PostgreSQL keeps
    name = f"ir_sequence_{sequence_id:03d}"
    cr.execute("SELECT setval(%s::regclass, %s, FALSE)", (name, count + 1))
