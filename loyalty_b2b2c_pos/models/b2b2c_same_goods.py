from odoo import api, models
from odoo.tools import SQL


class B2b2cSameGoods(models.AbstractModel):
    """A till order: its receipt number, and the serial numbers that were sold there.

    A till does not know its customers, so a receipt has the number and the day.
    """

    _inherit = "b2b2c.same.goods"

    @api.model
    def _select_numbers(self, sales=None, papers=None):
        queries = super()._select_numbers(sales, papers)
        model, ids = sales or (None, [])
        if model not in (None, "pos.order"):
            return queries
        restricted = SQL("o.id = ANY(%s)", ids)
        if papers:
            restricted = SQL(
                "o.pos_reference IN (SELECT paper.number FROM (%s) paper)", papers
            )
        queries.append(
            SQL(
                """
                SELECT 'pos.order' AS model, o.id AS sale_id, o.company_id,
                       o.pos_reference AS number, NULL::int AS party,
                       o.date_order::date AS day
                  FROM pos_order o
                 WHERE %s
                """,
                restricted,
            )
        )
        return queries

    @api.model
    def _select_sales(self, model, ids):
        queries = super()._select_sales(model, ids)
        if model != "b2b2c.claim":
            return queries
        serials = self.env[model].browse(ids).filtered("code_id.lot_id")
        if serials:
            sold = self._select_sold(SQL("c.claim_id = ANY(%s)", serials.ids))
            queries.append(
                SQL("SELECT s.claim_id, 'pos.order', s.order_id FROM (%s) s", sold)
            )
        return queries

    @api.model
    def _select_followers(self, model, ids, numbers):
        queries = super()._select_followers(model, ids, numbers)
        if model == "pos.order":
            sold = self._select_sold(SQL("l.order_id = ANY(%s)", ids))
            sign = SQL(
                """EXISTS (SELECT FROM pos_order_line l
                             JOIN pos_pack_operation_lot n ON n.pos_order_line_id = l.id
                            WHERE l.order_id = ANY(%s))""",
                ids,
            )
            query = SQL(
                "SELECT s.order_id, 'b2b2c.claim', s.claim_id FROM (%s) s", sold
            )
            queries.append((sign, query))
        return queries

    @api.model
    def _get_number_fields(self):
        return {**super()._get_number_fields(), "pos.order": ("pos_reference",)}

    def _select_sold(self, condition):
        """Return the query of claims and the till orders that sold their serial.

        :param condition: SQL on codes ``c`` and till lines ``l``
        """
        return SQL(
            """
            SELECT DISTINCT c.claim_id, l.order_id
              FROM b2b2c_code c
              JOIN stock_lot t ON t.id = c.lot_id
              JOIN pos_pack_operation_lot n ON n.lot_name = t.name
              JOIN pos_order_line l ON l.id = n.pos_order_line_id
               AND l.product_id = t.product_id AND l.qty > 0
              JOIN product_product p ON p.id = t.product_id
              JOIN product_template m ON m.id = p.product_tmpl_id
             WHERE c.claim_id IS NOT NULL AND m.tracking = 'serial' AND %s
            """,
            condition,
        )

    @api.model
    def _get_moves_of(self, model, ids):
        if model == "pos.order":
            return SQL("k.pos_order_id = ANY(%s)", ids)
        return super()._get_moves_of(model, ids)

    @api.model
    def _get_moved_sale(self):
        sale_model, sale_id = super()._get_moved_sale()
        return (
            SQL(
                "CASE WHEN k.pos_order_id IS NULL THEN %s ELSE 'pos.order' END",
                sale_model,
            ),
            SQL("coalesce(k.pos_order_id, %s)", sale_id),
        )
