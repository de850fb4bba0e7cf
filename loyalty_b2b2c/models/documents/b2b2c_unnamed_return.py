from fractions import Fraction

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ...const import POINTS
from ...engine import six_decimals, to_fraction


class B2b2cUnnamedReturn(models.Model):
    """Goods that came back on a note or a ticket that names no sale.

    They lower the latest sale of the product to the same customer, at most by what is
    left of it, and then the one before: a row for each.  Which they are is decided when
    the return is processed first, and anew when it changes.
    """

    _name = "b2b2c.unnamed.return"
    _description = "Return without a Sale"
    _inherit = "b2b2c.closed"
    _order = "id desc"
    _rec_name = "document_model"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    quantity = fields.Float(
        **POINTS, readonly=True, help="In the product's own unit of measure."
    )
    asked = fields.Float(
        **POINTS, readonly=True, help="How many came back when this was decided."
    )
    document_model = fields.Char(required=True, readonly=True)
    document_id = fields.Many2oneReference(
        model_field="document_model", required=True, readonly=True, string="Came Back"
    )
    line_id = fields.Integer(required=True, readonly=True)
    sale_model = fields.Char(required=True, readonly=True)
    sale_id = fields.Many2oneReference(
        model_field="sale_model", required=True, readonly=True
    )
    sale_line_id = fields.Integer(required=True, readonly=True, string="Line of Sale")

    _once = models.UniqueIndex(
        "(document_model, line_id, sale_model, sale_line_id)",
        "These goods came back once.",
    )
    _sale = models.Index("(sale_model, sale_id)")
    _document = models.Index("(document_model, document_id)")

    # === READING === #

    @api.model
    @tools.ormcache(cache="default")
    def _get_models(self):
        """Return the models of the documents that rows name (cached): most databases
        have none, and are asked nothing."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT unnest(ARRAY[document_model, sale_model])"
                "  FROM b2b2c_unnamed_return"
            )
        )
        return frozenset(model for (model,) in rows)

    @api.model
    def _get_taken(self, sale):
        """Return line id -> pieces that came back of the lines of a sale."""
        if sale._name not in self._get_models() or not sale.id:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT sale_line_id, sum(quantity)::text FROM b2b2c_unnamed_return"
                " WHERE sale_model = %s AND sale_id = %s GROUP BY 1",
                sale._name,
                sale.id,
            )
        )
        return {line_id: Fraction(quantity) for line_id, quantity in rows}

    @api.model
    def _get_rows(self, model, document_ids):
        """Return what is counted of returns.

        :return: dict (document id, line id) -> list of ``(sale model, sale id, sale
            line id, pieces, how many came back)``
        """
        if model not in self._get_models():
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT document_id, line_id, sale_model, sale_id, sale_line_id,
                       quantity::text, asked::text
                  FROM b2b2c_unnamed_return
                 WHERE document_model = %s AND document_id = ANY(%s) ORDER BY id
                """,
                model,
                list(document_ids),
            )
        )
        found = {}
        for document_id, line_id, *sale, quantity, asked in rows:
            figures = to_fraction(quantity), to_fraction(asked)
            found.setdefault((document_id, line_id), []).append((*sale, *figures))
        return found

    # === WRITING === #

    @api.model
    def _forget(self, model, line_ids):
        """Forget which sales returns lowered."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM b2b2c_unnamed_return"
                " WHERE document_model = %s AND line_id = ANY(%s)",
                model,
                list(line_ids),
            )
        )

    @api.model
    def _insert(self, back, sale, sale_line_id, pieces):
        """Insert which sale a return lowers.

        Another transaction that does the same at the same time makes this one be tried
        again.

        :param back: ``unnamed_returns.Return``
        :param sale: the document that sold the goods; the return itself, with no
            pieces, when there is none
        :param pieces: how many, Fraction
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b2c_unnamed_return
                       (company_id, product_id, quantity, asked, document_model,
                        document_id, line_id, sale_model, sale_id, sale_line_id)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
                    ON CONFLICT DO NOTHING
                """,
                back.document.company_id.id,
                back.product.id,
                six_decimals(pieces),
                six_decimals(back.pieces),
                back.document._name,
                back.document.id,
                back.line_id,
                sale._name,
                sale.id,
                sale_line_id,
            )
        )
        if not {sale._name, back.document._name} <= self._get_models():
            self.env.registry.clear_cache()
