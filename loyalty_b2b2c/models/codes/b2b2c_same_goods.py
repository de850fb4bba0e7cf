from odoo import api, models
from odoo.tools import SQL


def _has_bound_code(claim):
    """Tell whether the code of a claim, or one packed in it, can name goods."""
    code = claim.code_id
    return bool(code and (code.lot_id or code.package_id or code.level != "unit"))


class B2b2cSameGoods(models.AbstractModel):
    """A scanned code shows the sale its serial number, lot or package left with.

    A serial number or a package is one thing.  The pieces of a lot are not told apart:
    their codes show a sale only if the whole lot went there.
    """

    _inherit = "b2b2c.same.goods"

    @api.model
    def _select_sales(self, model, ids):
        queries = super()._select_sales(model, ids)
        if model != "b2b2c.claim":
            return queries
        bound = self.env[model].browse(ids).filtered(_has_bound_code)
        if bound:
            claimed = SQL("c.claim_id = ANY(%s)", bound.ids)
            queries += [
                SQL(
                    "SELECT moved.claim_id, moved.model, moved.sale_id FROM (%s) moved",
                    self._select_moved(claimed),
                ),
                SQL(
                    """
                    SELECT c.claim_id, 'stock.lot', l.id
                      FROM b2b2c_code c JOIN stock_lot l ON l.id = c.lot_id
                      JOIN product_product p ON p.id = l.product_id
                      JOIN product_template t ON t.id = p.product_tmpl_id
                     WHERE %s AND t.tracking = 'serial'
                    """,
                    claimed,
                ),
            ]
        return queries

    @api.model
    def _select_followers(self, model, ids, numbers):
        queries = super()._select_followers(model, ids, numbers)
        if model == "stock.lot":
            claimed = SQL(
                """SELECT lot_id, 'b2b2c.claim', claim_id FROM b2b2c_code
                    WHERE lot_id = ANY(%s) AND claim_id IS NOT NULL""",
                ids,
            )
            queries.append((SQL("TRUE"), claimed))
        elif moves := self._get_moves_of(model, ids):
            moved = self._select_moved(
                SQL(
                    """c.claim_id IS NOT NULL AND c.id IN (
                        SELECT b.id FROM b2b2c_code b JOIN stock_move_line own
                            ON own.lot_id = b.lot_id
                            OR own.result_package_id = b.package_id
                          JOIN stock_move m ON m.id = own.move_id
                     LEFT JOIN stock_picking k ON k.id = m.picking_id
                         WHERE %s)""",
                    moves,
                )
            )
            followers = SQL(
                """SELECT moved.sale_id, 'b2b2c.claim', moved.claim_id
                     FROM (%s) moved
                    WHERE moved.model = %s AND moved.sale_id = ANY(%s)""",
                moved,
                model,
                ids,
            )
            queries.append((self._get_bound_sign(moves), followers))
        return queries

    def _get_bound_sign(self, moves):
        """Return the condition that goods of moves have a lot or a package.

        :param moves: SQL condition of moves ``m`` (of transfer ``k``)
        """
        return SQL(
            """EXISTS (
               SELECT FROM (SELECT m.id FROM stock_move m
                         LEFT JOIN stock_picking k ON k.id = m.picking_id
                             WHERE %s OFFSET 0) moved
                CROSS JOIN LATERAL (
                      SELECT FROM stock_move_line own
                       WHERE own.move_id = moved.id
                         AND (own.lot_id IS NOT NULL
                              OR own.result_package_id IS NOT NULL) OFFSET 0) bound)""",
            moves,
        )

    @api.model
    def _get_moves_of(self, model, ids):
        """Return the SQL condition of moves ``m`` (of transfer ``k``) of sales.

        :return: ``None`` when sales of this model move no goods
        """
        if model == "sale.order":
            return SQL(
                """m.sale_line_id IN (SELECT id FROM sale_order_line
                                       WHERE order_id = ANY(%s))""",
                ids,
            )
        if model == "stock.picking":
            return SQL("m.picking_id = ANY(%s) AND m.sale_line_id IS NULL", ids)
        return None

    @api.model
    def _get_moved_sale(self):
        """Return the SQL of whose a move ``m`` (of transfer ``k``) is: model and id.

        :return: ``(model, id)`` as SQL
        """
        return (
            SQL("CASE WHEN s.id IS NULL THEN 'stock.picking' ELSE 'sale.order' END"),
            SQL("coalesce(s.order_id, m.picking_id)"),
        )

    def _select_moved(self, condition):
        """Return the query of sales that the goods of claimed codes left with.

        :param condition: SQL on codes ``c``
        :return: SQL that selects ``claim_id``, ``model`` and ``sale_id``
        """
        sale_model, sale_id = self._get_moved_sale()
        return SQL(
            """
            SELECT code.claim_id, max(sale.model) AS model, max(sale.id) AS sale_id
              FROM (SELECT c.id, c.claim_id, c.picking_id, c.lot_id, c.package_id,
                           coalesce(t.tracking, '') AS tracking
                      FROM b2b2c_code c
                 LEFT JOIN stock_lot l ON l.id = c.lot_id
                 LEFT JOIN product_product p ON p.id = l.product_id
                 LEFT JOIN product_template t ON t.id = p.product_tmpl_id
                     WHERE (c.lot_id IS NOT NULL OR c.package_id IS NOT NULL)
                       AND %(condition)s) code
        CROSS JOIN LATERAL (
                    SELECT DISTINCT %(model)s AS model, %(id)s AS id
                      FROM stock_move_line own
                      JOIN stock_move m ON m.id = own.move_id AND m.state = 'done'
                      JOIN stock_location d ON d.id = m.location_dest_id
                       AND d.usage = 'customer'
                 LEFT JOIN stock_picking k ON k.id = m.picking_id
                 LEFT JOIN sale_order_line s ON s.id = m.sale_line_id
                     WHERE (own.lot_id = code.lot_id
                            OR own.result_package_id = code.package_id)
                           -- a serial number that came back and left again: the last
                       AND (code.tracking = 'lot' OR code.picking_id IS NULL
                            OR m.picking_id = code.picking_id)) sale
          GROUP BY code.id, code.claim_id
            HAVING count(*) = 1
            """,
            condition=condition,
            model=sale_model,
            id=sale_id,
        )
