from odoo import api, models
from odoo.tools import SQL


class B2b2cSameGoods(models.AbstractModel):
    """A receipt shows the sale whose number stands on it.

    That of an order, an invoice or a till order of ours, or of a sale that the shop's
    till reported.
    """

    _inherit = "b2b2c.same.goods"

    @api.model
    def _select_sales(self, model, ids):
        queries = super()._select_sales(model, ids)
        if model == "b2b2c.claim":
            photos = (
                self.env[model]
                .browse(ids)
                .filtered(lambda claim: claim.kind == "receipt")
            )
            if photos:
                papers = self._select_receipts(SQL("c.id = ANY(%s)", photos.ids))
                queries += self._select_numbered(papers)
        return queries

    @api.model
    def _select_followers(self, model, ids, numbers):
        queries = super()._select_followers(model, ids, numbers)
        pairs = self._select_numbered(self._select_receipts(SQL("TRUE")), (model, ids))
        return queries + [
            (
                self._get_sign(numbers),
                SQL(
                    "SELECT pair.sale_id, 'b2b2c.claim', pair.paper_id FROM (%s) pair",
                    pair,
                ),
            )
            for pair in pairs
        ]

    def _get_sign(self, numbers):
        """Return the condition that some receipt has one of these numbers."""
        return SQL(
            """(EXISTS (SELECT FROM b2b2c_receipt WHERE lower(number) = ANY(%(known)s))
             OR EXISTS (SELECT FROM b2b2c_receipt
                         WHERE lower(fiscal_number) = ANY(%(known)s)))""",
            known=numbers,
        )

    def _select_receipts(self, condition):
        """Return the query of receipts as papers, each with both of its numbers.

        :param condition: SQL on claims ``c``
        """
        numbers = (SQL("r.number"), SQL("r.fiscal_number"))
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT c.id AS paper_id, c.company_id, %(number)s AS number,
                       c.partner_id AS party, r.issued_on AS day
                  FROM b2b2c_receipt r JOIN b2b2c_claim c ON c.id = r.claim_id
                 WHERE c.kind = 'receipt' AND %(number)s IS NOT NULL AND %(where)s
                """,
                number=number,
                where=condition,
            )
            for number in numbers
        )
