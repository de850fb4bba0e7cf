"""Numbers of reported documents that look alike are one number from now on."""

from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.engine.typed_text import get_number_key

_BATCH = 10_000


def migrate(cr, version):
    """Fill the column here: it is required and unique.

    Of documents that were recorded under two spellings of one number the later ones
    keep what they earned; their key names them apart.
    """
    cr.execute(
        "ALTER TABLE b2b2c_external_document"
        " ADD COLUMN IF NOT EXISTS reference_key varchar"
    )
    taken, last = set(), 0
    while True:
        cr.execute(
            """
            SELECT id, company_id, document_type, coalesce(reporter_id, 0), reference
              FROM b2b2c_external_document WHERE id > %s ORDER BY id LIMIT %s
            """,
            [last, _BATCH],
        )
        rows = cr.fetchall()
        if not rows:
            return
        last, keys = rows[-1][0], []
        for document_id, *owner, reference in rows:
            key = get_number_key(reference)
            if (*owner, key) in taken:
                key = f"{key} #{document_id}"
            taken.add((*owner, key))
            keys.append((document_id, key))
        cr.execute(
            SQL(
                """
                UPDATE b2b2c_external_document d SET reference_key = v.key
                  FROM (VALUES %s) AS v (id, key) WHERE d.id = v.id
                """,
                SQL(", ").join(SQL("(%s, %s)", *pair) for pair in keys),
            )
        )
