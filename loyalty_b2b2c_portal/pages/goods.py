from odoo.tools import SQL

from . import words


class GoodsBook:
    """What the shops of owners received, and what that brought the owners.

    :param owners: memberships as an owner, see :func:`membership.owners`
    """

    def __init__(self, owners):
        self.owners, self.env = owners, owners.env

    def count(self):
        """Return how many deliveries the shops received."""
        if not self.owners:
            return 0
        return self.env.execute_query(
            SQL("SELECT count(*) FROM (%s) received", self._select())
        )[0][0]

    def rows(self, offset=0, limit=20):
        """Return the deliveries to the shops, newest first.

        :return: list of dict with the keys ``day``, ``supplier``, ``reference``,
            ``shop``, ``lines`` (``(product, quantity in words)``) and ``points``
            (texts, one per unit)
        """
        if not self.owners:
            return []
        rows = self.env.execute_query(
            SQL(
                "%s ORDER BY at DESC, model, id DESC OFFSET %s LIMIT %s",
                self._select(),
                offset,
                limit,
            )
        )
        return [
            self._get_row(self.env[model].browse(record_id), at)
            for model, record_id, at in rows
        ]

    def received(self):
        """Return product id -> quantity received, in the product's unit of measure."""
        documents = {}
        for model, record_id, _at in self.env.execute_query(self._select()):
            documents.setdefault(model, []).append(record_id)
        total = {}
        for model, ids in documents.items():
            for product, quantity, uom in self._get_lines(
                self.env[model].sudo().browse(ids)
            ):
                if product:
                    own = uom._compute_quantity(quantity, product.uom_id, round=False)
                    total[product.id] = total.get(product.id, 0) + own
        return total

    # === DOCUMENTS === #

    def _select(self):
        """Return the query of the documents: ``(model, id, at)``.

        Our own orders as far as they are delivered, deliveries without an order, and
        what distributors reported; also those of the companies whose documents our
        programs reward.  Nothing from before the owner took part.
        """
        models = (
            "sale.order",
            "stock.picking",
            "stock.move",
            "b2b2c.external.document",
        )
        for model in models:
            self.env[model].flush_model()
        owners = SQL(", ").join(
            SQL(
                "(%s, %s, %s::timestamp)",
                owner.employer_id.id,
                company_id,
                owner.enrolled_at,
            )
            for owner in self.owners
            for company_id in self._get_companies(owner.company_id)
        )
        return SQL(
            """
            WITH owner (shop_id, company_id, since) AS (VALUES %(owners)s)
            SELECT 'sale.order' AS model, o.id, max(m.date) AS at
              FROM owner
              JOIN res_partner p ON p.commercial_partner_id = owner.shop_id
              JOIN sale_order o
                ON (o.partner_id = p.id OR o.partner_shipping_id = p.id)
               AND o.company_id = owner.company_id AND o.state = 'sale'
              JOIN sale_order_line l ON l.order_id = o.id AND l.qty_delivered > 0
              JOIN stock_move m ON m.sale_line_id = l.id AND m.state = 'done'
             WHERE m.date >= owner.since
          GROUP BY o.id
             UNION
            SELECT 'stock.picking', k.id, k.date_done
              FROM owner
              JOIN res_partner p ON p.commercial_partner_id = owner.shop_id
              JOIN stock_picking k ON k.partner_id = p.id
               AND k.company_id = owner.company_id AND k.state = 'done'
              JOIN stock_location d ON d.id = k.location_dest_id
               AND d.usage = 'customer'
             WHERE k.date_done >= owner.since
               AND NOT EXISTS (SELECT FROM stock_move m
                                WHERE m.picking_id = k.id
                                  AND m.sale_line_id IS NOT NULL)
             UNION
            SELECT 'b2b2c.external.document', e.id, e.occurred_at
              FROM owner
              JOIN b2b2c_external_document e ON e.partner_id = owner.shop_id
               AND e.company_id = owner.company_id
             WHERE e.document_type = 'shipment' AND e.state = 'recorded'
               AND e.occurred_at >= owner.since
            """,
            owners=owners,
        )

    def _get_companies(self, company):
        """Return the ids of the companies whose deliveries a company's owners see.

        Itself, and those whose documents its programs reward.
        """
        programs = self.env["b2b2c.program"].search(
            [("company_id", "=", company.id), ("state", "!=", "draft")]
        )
        return (company | programs.source_company_ids).ids

    # === ONE DOCUMENT === #

    def _get_row(self, document, at):
        supplier = document.company_id.name
        if document._name == "b2b2c.external.document":
            supplier = document.reporter_id.name or supplier
        return {
            "day": words.day(self.env, at),
            "reference": document[document._rec_name],
            "points": self._get_points(document),
            "supplier": supplier,
            "shop": self._get_shop(document).name,
            "lines": [
                (product.name, words.quantity(self.env, quantity, uom))
                for product, quantity, uom in self._get_lines(document)
                if product
            ],
        }

    def _get_shop(self, document):
        """Return which of the owners' shops a document is about."""
        partners = document.partner_id
        if document._name == "sale.order":
            partners = document.partner_shipping_id | partners
        shops = partners.commercial_partner_id
        return (shops & self.owners.employer_id)[:1] or shops[:1]

    def _get_lines(self, documents):
        """Return what documents of one model delivered.

        :return: list of ``(product, quantity, unit of measure)``
        """
        if documents._name == "b2b2c.external.document":
            return [
                (
                    line.product_id,
                    line.quantity,
                    line.product_uom_id or line.product_id.uom_id,
                )
                for line in documents.line_ids
            ]
        if documents._name == "sale.order":
            return [
                (line.product_id, line.qty_delivered, line.product_uom_id)
                for line in documents.order_line
                if line.qty_delivered > 0
            ]
        return [
            (move.product_id, move.quantity, move.product_uom)
            for move in documents.move_ids
            if move.state == "done"
        ]

    def _get_points(self, document):
        """Return what a document brought the owners, in words, one text per unit."""
        groups = self.env["b2b2c.ledger.entry"]._read_group(
            [
                ("account_id.member_id", "in", self.owners.ids),
                ("document_model", "=", document._name),
                ("document_id", "=", document.id),
            ],
            ["unit_id"],
            ["points:sum", "points_pending:sum"],
        )
        return [
            unit._format(points + pending)
            for unit, points, pending in groups
            if points or pending
        ]
