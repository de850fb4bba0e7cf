"""Requests of before: what was given was given in full; each gets a code to show."""

import secrets

from odoo.addons.loyalty_b2b2c.engine.product_code import ALPHABET

_LENGTH = 16


def migrate(cr, version):
    """Count the pieces of earlier requests, and give each its code."""
    cr.execute(
        """
        UPDATE b2b2c_redemption
           SET quantity_given = CASE WHEN state = 'fulfilled' THEN quantity ELSE 0 END,
               quantity_kept = CASE WHEN state = 'fulfilled' THEN quantity ELSE 0 END,
               quantity_returned = 0
         WHERE quantity_given IS NULL
        """
    )
    cr.execute("SELECT id FROM b2b2c_redemption WHERE handover_code IS NULL")
    for (request_id,) in cr.fetchall():
        code = "".join(secrets.choice(ALPHABET) for _position in range(_LENGTH))
        cr.execute(
            "UPDATE b2b2c_redemption SET handover_code = %s WHERE id = %s",
            (code, request_id),
        )
