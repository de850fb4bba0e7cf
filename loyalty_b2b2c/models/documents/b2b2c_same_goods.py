from odoo import api, models
from odoo.tools import SQL

# model -> the field of a document's own number, and that of what others call it
_NUMBERS = {
    "sale.order": ("name", "client_order_ref"),
    "account.move": ("name", "ref"),
    "stock.picking": ("name", "origin"),
}


class B2b2cSameGoods(models.AbstractModel):
    """The numbers of orders, deliveries and invoices.

    An order is known by its own number and by the customer's, and by those of its
    deliveries and invoices; what has no order stands for itself.  In whatever state:
    who was cancelled is booked for nothing, and has to tell the others.
    """

    _inherit = "b2b2c.same.goods"

    @api.model
    def _select_numbers(self, sales=None, papers=None):
        queries = super()._select_numbers(sales, papers)
        model, ids = sales or (None, [])
        if model in (None, "sale.order"):
            queries += self._select_order_numbers(ids, papers)
        if model in (None, "account.move"):
            queries.append(self._select_invoice_numbers(ids, papers))
        if model in (None, "stock.picking"):
            queries.append(self._select_delivery_numbers(ids, papers))
        return queries

    @api.model
    def _get_number_fields(self):
        return {**super()._get_number_fields(), **_NUMBERS}

    @api.model
    def _get_numbers(self, model, ids):
        """Add to those of orders the numbers of their invoices and deliveries."""
        numbers = super()._get_numbers(model, ids)
        if model == "sale.order":
            lines = self.env[model].sudo().browse(ids).order_line
            for others in (lines.invoice_lines.move_id, lines.move_ids.picking_id):
                others.fetch(("name",))
                numbers |= {other.name.lower() for other in others if other.name}
        return numbers

    def _restrict(self, column, ids, papers, *partners):
        """Return the SQL condition of rows that belong to sales, or can to papers.

        :param str column: the id of the sale
        :param str partners: columns of the parties
        """
        if papers is None:
            return SQL("%s = ANY(%s)", SQL(column), ids)
        parties = SQL(
            """SELECT p.id FROM res_partner p
                WHERE p.commercial_partner_id IN (
                      SELECT paper.party FROM (%s) paper)""",
            papers,
        )
        return SQL(
            "(%s)",
            SQL(" OR ").join(
                SQL("%s IN (%s)", SQL(partner), parties) for partner in partners
            ),
        )

    def _select_order_numbers(self, ids, papers):
        """Return the queries of the numbers of orders, with invoices and deliveries."""
        own = self._restrict(
            "o.id", ids, papers, "o.partner_id", "o.partner_shipping_id"
        )
        buyers = SQL(
            """
            SELECT 'sale.order' AS model, o.id AS sale_id, o.company_id, x.number,
                   p.commercial_partner_id AS party, NULL::date AS day
              FROM sale_order o
              JOIN res_partner p ON p.id IN (o.partner_id, o.partner_shipping_id)
            """
        )
        names = SQL(
            """CROSS JOIN LATERAL (VALUES (o.name), (o.client_order_ref)) x (number)
                WHERE x.number IS NOT NULL AND %s""",
            own,
        )
        invoices = SQL(
            """
              JOIN sale_order_line l ON l.order_id = o.id
              JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
              JOIN account_move_line i ON i.id = r.invoice_line_id
              JOIN account_move v ON v.id = i.move_id
               AND v.move_type IN ('out_invoice', 'out_receipt')
        CROSS JOIN LATERAL (VALUES (v.name)) x (number) WHERE %s
            """,
            own,
        )
        deliveries = SQL(
            """
              JOIN sale_order_line l ON l.order_id = o.id
              JOIN stock_move m ON m.sale_line_id = l.id
              JOIN stock_picking k ON k.id = m.picking_id
        CROSS JOIN LATERAL (VALUES (k.name)) x (number) WHERE %s
            """,
            own,
        )
        return [SQL("%s %s", buyers, of) for of in (names, invoices, deliveries)]

    def _select_invoice_numbers(self, ids, papers):
        """Return the query of the numbers of invoices without an order."""
        return SQL(
            """
            SELECT 'account.move' AS model, v.id AS sale_id, v.company_id, x.number,
                   p.commercial_partner_id AS party, NULL::date AS day
              FROM account_move v
              JOIN res_partner p ON p.id IN (v.partner_id, v.partner_shipping_id)
        CROSS JOIN LATERAL (VALUES (v.name), (v.ref)) x (number)
             WHERE v.move_type IN ('out_invoice', 'out_receipt')
               AND x.number IS NOT NULL AND %s
               AND NOT EXISTS (SELECT FROM account_move_line i
                                 JOIN sale_order_line_invoice_rel r
                                   ON r.invoice_line_id = i.id
                                WHERE i.move_id = v.id)
            """,
            self._restrict(
                "v.id", ids, papers, "v.partner_id", "v.partner_shipping_id"
            ),
        )

    def _select_delivery_numbers(self, ids, papers):
        """Return the query of the numbers of deliveries without an order."""
        return SQL(
            """
            SELECT 'stock.picking' AS model, k.id AS sale_id, k.company_id, x.number,
                   p.commercial_partner_id AS party, NULL::date AS day
              FROM stock_picking k JOIN res_partner p ON p.id = k.partner_id
        CROSS JOIN LATERAL (VALUES (k.name), (k.origin)) x (number)
             WHERE x.number IS NOT NULL AND %s
               AND NOT EXISTS (SELECT FROM stock_move m
                                WHERE m.picking_id = k.id
                                  AND m.sale_line_id IS NOT NULL)
            """,
            self._restrict("k.id", ids, papers, "k.partner_id"),
        )
