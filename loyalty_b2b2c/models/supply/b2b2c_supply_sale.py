from odoo import Command, api, models

from ...values import shown


class B2b2cSupplyOrder(models.Model):
    """The distributor as a company of this database: its quotation tells the rest.

    Nothing is hooked into orders and deliveries there: every few minutes it is looked
    at whether a quotation says something new.
    """

    _inherit = "b2b2c.supply.order"

    def _create_sale(self):
        """Write the quotation in the distributor's company."""
        supplier = self.distributor_id.supplying_company_id
        paid = self.env.ref("loyalty_b2b2c.product_paid_with_points")
        sale = (
            self.env["sale.order"]
            .sudo()
            .with_company(supplier)
            .create(
                {
                    "company_id": supplier.id,
                    "partner_id": self.shop_id.id,
                    "origin": self.name,
                    "client_order_ref": self.name,
                    "user_id": False,
                    "order_line": [
                        *(
                            Command.create(
                                {
                                    "product_id": line.product_id.id,
                                    "product_uom_qty": line.quantity,
                                    "price_unit": line.price_unit,
                                    "discount": 0,
                                }
                            )
                            for line in self.line_ids
                        ),
                        Command.create(
                            {
                                "product_id": paid.id,
                                "name": self.env._(
                                    "%(points)s of %(owner)s, paid by %(company)s",
                                    points=self._word_points(),
                                    owner=self.member_id.name,
                                    company=self.company_id.name,
                                ),
                                "price_unit": -self.amount_points,
                                "tax_ids": [Command.clear()],
                            }
                        ),
                    ],
                }
            )
        )
        self.sale_order_id = sale
        for line in self.line_ids:
            line.sale_line_id = sale.order_line.filtered(
                lambda row, line=line: row.product_id == line.product_id
            )[:1]

    def _call_off_sale(self):
        """Cancel the quotation of an order that was called off."""
        if self.sale_order_id.state in ("draft", "sent"):
            self.sale_order_id.sudo()._action_cancel()

    # === FOLLOWING === #

    @api.model
    def _cron_follow(self):
        """Book what distributors of this database did with their quotations."""
        cron = self.env["ir.cron"]
        orders = self.sudo()._find_moved()
        cron._commit_progress(remaining=len(orders))
        for order in orders:
            order._follow_sale()
            if not cron._commit_progress(1):
                break

    @api.model
    def _find_moved(self):
        """Return the orders whose quotation says something they do not know yet."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT DISTINCT o.id
              FROM b2b2c_supply_order o
              JOIN sale_order s ON s.id = o.sale_order_id
         LEFT JOIN b2b2c_supply_line l ON l.order_id = o.id
         LEFT JOIN sale_order_line d ON d.id = l.sale_line_id
             WHERE (o.state IN ('sent', 'accepted', 'done')
                    AND coalesce(d.qty_delivered, 0) <> coalesce(l.shipped, 0))
                OR (o.state = 'sent' AND s.state IN ('sale', 'cancel'))
                OR (o.state = 'accepted' AND s.state = 'cancel')
          ORDER BY o.id
            """
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _follow_sale(self):
        """Book what the quotation of this order says."""
        self.ensure_one()
        nobody, sale = self.env["res.users"], self.sale_order_id
        shipped = {
            line: shown(line.sale_line_id.qty_delivered) for line in self.line_ids
        }
        if sale.state == "cancel":
            self._follow_cancel(shipped)
        elif any(shipped.values()) or any(self.line_ids.mapped("shipped")):
            self._ship(shipped, nobody, sale.name)
        elif sale.state == "sale" and self.state == "sent":
            self._accept(nobody, sale.name)

    def _follow_cancel(self, shipped):
        """End an order whose quotation was cancelled."""
        nobody = self.env["res.users"]
        if any(shipped.values()):
            self._ship(shipped, nobody)
            self._close(nobody)
        else:
            self._refuse(nobody, self.env._("The distributor cancelled it."))
