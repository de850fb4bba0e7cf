from odoo import fields, models
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang


class B2b2cMember(models.Model):
    """The goods book of a shop's owner: what the shop received, and what it earned."""

    # a page of its own: pylint: disable-next=consider-merging-classes-inherited
    _inherit = "b2b2c.member"

    def _get_portal_owners(self):
        """Return the memberships whose shops' deliveries their person may see."""
        return self.filtered(
            lambda member: member._owns() and member.state == "enrolled"
        )

    def _count_portal_goods(self):
        """Return how many deliveries the shops of these owners received."""
        if not self:
            return 0
        return self.env.execute_query(
            SQL("SELECT count(*) FROM (%s) received", self._select_goods())
        )[0][0]

    def _get_portal_goods(self, offset=0, limit=20):
        """Return the deliveries to the shops of these owners, newest first.

        :return: list of dict with the keys ``day``, ``supplier``, ``reference``,
            ``shop``, ``lines`` (``(product, quantity in words)``) and ``points``
            (texts, one per unit)
        """
        if not self:
            return []
        rows = self.env.execute_query(
            SQL(
                "%s ORDER BY at DESC, model, id DESC OFFSET %s LIMIT %s",
                self._select_goods(),
                offset,
                limit,
            )
        )
        return [
            self._get_goods_row(self.env[model].browse(record_id), at)
            for model, record_id, at in rows
        ]

    def _select_goods(self):
        """Return the query of the documents: ``(model, id, at)``.

        Our own orders as far as they are delivered, deliveries without an order, and
        what distributors reported; also those of the companies whose documents our
        programs reward.  Nothing from before the owner took part.
        """
        for model in ("sale.order", "stock.picking", "b2b2c.external.document"):
            self.env[model].flush_model()
        self.env["stock.move"].flush_model()
        owners = SQL(", ").join(
            SQL(
                "(%s, %s, %s::timestamp)",
                owner.employer_id.id,
                company_id,
                owner.enrolled_at,
            )
            for owner in self
            for company_id in self._get_goods_companies(owner.company_id)
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

    def _get_goods_companies(self, company):
        """Return the ids of the companies whose deliveries a company's owners see.

        Itself, and those whose documents its programs reward.
        """
        programs = self.env["b2b2c.program"].search(
            [("company_id", "=", company.id), ("state", "!=", "draft")]
        )
        return (company | programs.source_company_ids).ids

    def _get_goods_row(self, document, at):
        zone_time = fields.Datetime.context_timestamp(self, at)
        details = self._get_goods_details(document)
        return {
            "day": format_date(self.env, zone_time.date(), date_format="medium"),
            "reference": document[document._rec_name],
            "points": self._get_goods_points(document),
            **details,
        }

    def _get_goods_details(self, document):
        """Return ``supplier``, ``shop`` and ``lines`` of a document."""
        supplier = document.company_id.name
        if document._name == "b2b2c.external.document":
            supplier = document.reporter_id.name or supplier
        return {
            "supplier": supplier,
            "shop": self._get_goods_shop(document).name,
            "lines": [
                (product.name, self._word_quantity(quantity, uom))
                for product, quantity, uom in self._get_goods_lines(document)
                if product
            ],
        }

    def _get_goods_shop(self, document):
        """Return which of the owners' shops a document is about."""
        partners = document.partner_id
        if document._name == "sale.order":
            partners = document.partner_shipping_id | partners
        shops = partners.commercial_partner_id
        return (shops & self.employer_id)[:1] or shops[:1]

    def _get_goods_lines(self, documents):
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

    def _word_quantity(self, quantity, uom):
        """Return ``"10 Units"`` in the reader's language, no needless zeros."""
        whole = quantity == int(quantity)
        text = formatLang(self.env, quantity, digits=0 if whole else 2)
        return f"{text} {uom.name}" if uom else text

    def _get_goods_points(self, document):
        """Return what a document brought these owners, in words, one text per unit."""
        groups = self.env["b2b2c.ledger.entry"]._read_group(
            [
                ("account_id.member_id", "in", self.ids),
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
