from odoo import fields, models
from odoo.tools import SQL

from ...recognition import fingerprint


class B2b2cReceiptPage(models.Model):
    """One picture of a receipt: encoded by us, never the bytes that were sent."""

    _name = "b2b2c.receipt.page"
    _description = "Picture of a Receipt"
    _order = "receipt_id, id"

    receipt_id = fields.Many2one(
        "b2b2c.receipt", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    image = fields.Binary(attachment=True, readonly=True)
    fingerprint = fields.Char(readonly=True)

    _recent = models.Index("(company_id, id DESC) WHERE fingerprint IS NOT NULL")

    # of the newest pictures of a company so many are compared
    COMPARED = 100000

    def _find_alike(self):
        """Return the earlier pages that look like one of these, the nearest first."""
        self.flush_model(["fingerprint"])
        distances = {}
        for page in self.filtered("fingerprint"):
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT id, length(replace((bits # %(bits)s::bit(256))::text,
                                              '0', '')) AS distance
                      FROM (SELECT id, ('x' || fingerprint)::bit(256) AS bits
                              FROM b2b2c_receipt_page
                             WHERE company_id = %(company)s AND id < %(id)s
                               AND receipt_id != %(receipt)s
                               AND fingerprint IS NOT NULL
                          ORDER BY id DESC LIMIT %(limit)s) p
                     WHERE length(replace((bits # %(bits)s::bit(256))::text,
                                          '0', '')) <= %(alike)s
                  ORDER BY distance, id LIMIT 5
                    """,
                    bits=_bits(page.fingerprint),
                    company=page.company_id.id,
                    id=page.id,
                    receipt=page.receipt_id.id,
                    limit=self.COMPARED,
                    alike=fingerprint.ALIKE,
                )
            )
            distances.update(rows)
        return self.browse(sorted(distances, key=lambda key: (distances[key], key)))


def _bits(text):
    """Return a fingerprint as PostgreSQL takes it: 256 zeros and ones."""
    return f"{int(text, 16):0256b}"
