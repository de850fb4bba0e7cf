from odoo import api, models
from odoo.tools import SQL


class B2b2cSameGoods(models.AbstractModel):
    """A reported document shows the sale whose number it has as its reference.

    A party of it is who reported it, and whose people may benefit.  For others, a
    receipt for instance, a reported sale is a sale itself; two reported documents have
    numbers of their own.
    """

    _inherit = "b2b2c.same.goods"

    @api.model
    def _select_sales(self, model, ids):
        queries = super()._select_sales(model, ids)
        if model == "b2b2c.external.document":
            papers = self._select_reported(SQL("e.id = ANY(%s)", ids))
            queries += [
                SQL(
                    """SELECT pair.* FROM (%s) pair WHERE pair.model <> %s""",
                    pair,
                    model,
                )
                for pair in self._select_numbered(papers)
            ]
        return queries

    @api.model
    def _select_followers(self, model, ids, numbers):
        queries = super()._select_followers(model, ids, numbers)
        if model == "b2b2c.external.document":
            return queries
        pairs = self._select_numbered(self._select_reported(SQL("TRUE")), (model, ids))
        companies = self.env[model].sudo().browse(ids).company_id.ids if pairs else []
        return queries + [
            (
                SQL(
                    """EXISTS (SELECT FROM b2b2c_external_document
                                WHERE company_id = ANY(%s)
                                  AND lower(reference) = ANY(%s))""",
                    companies,
                    numbers,
                ),
                SQL(
                    """SELECT pair.sale_id, 'b2b2c.external.document', pair.paper_id
                         FROM (%s) pair""",
                    pair,
                ),
            )
            for pair in pairs
        ]

    @api.model
    def _get_number_fields(self):
        fields = super()._get_number_fields()
        return {**fields, "b2b2c.external.document": ("reference",)}

    @api.model
    def _select_numbers(self, sales=None, papers=None):
        queries = super()._select_numbers(sales, papers)
        model, ids = sales or (None, [])
        if model not in (None, "b2b2c.external.document"):
            return queries
        restricted = SQL("e.id = ANY(%s)", ids)
        if papers:
            restricted = SQL(
                """(e.company_id, lower(e.reference)) IN (
                    SELECT paper.company_id, lower(paper.number) FROM (%s) paper)""",
                papers,
            )
        reported = self._select_reported(
            SQL("e.document_type = 'sale' AND %s", restricted)
        )
        queries.append(
            SQL(
                """
                SELECT 'b2b2c.external.document' AS model, paper_id AS sale_id,
                       company_id, number, party, NULL::date AS day
                  FROM (%s) reported
                """,
                reported,
            )
        )
        return queries

    def _select_reported(self, condition):
        """Return the query of reported documents as papers.

        :param condition: SQL on documents ``e``
        """
        return SQL(
            """
            SELECT e.id AS paper_id, e.company_id, e.reference AS number,
                   p.commercial_partner_id AS party, e.occurred_at::date AS day
              FROM b2b2c_external_document e
              JOIN res_partner p ON p.id IN (e.partner_id, e.reporter_id)
             WHERE e.document_type IN ('sale', 'shipment') AND %s
            """,
            condition,
        )
