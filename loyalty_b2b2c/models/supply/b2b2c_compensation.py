from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..base.rows import insert_rows
from ..people.authority import decides


class B2b2cCompensation(models.Model):
    """What we owe a distributor for goods that points paid: a step of an order's line.

    Rows are added, never changed; goods that come back add a row below zero.  What they
    are billed with is a draft vendor bill, made here and posted by accountants.  A row
    whose bill was cancelled or deleted is open again.
    """

    _name = "b2b2c.compensation"
    _description = "Compensation of a Distributor"
    _inherit = "b2b2c.closed"
    _order = "owed_on desc, id desc"

    line_id = fields.Many2one(
        "b2b2c.supply.line", required=True, readonly=True, ondelete="restrict"
    )
    number = fields.Integer(required=True, readonly=True)
    order_id = fields.Many2one(
        "b2b2c.supply.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    distributor_id = fields.Many2one(
        "b2b2c.distributor", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    shop_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)
    amount = fields.Monetary(required=True, readonly=True, string="Owed")
    owed_on = fields.Date("Date", required=True, readonly=True)
    bill_line_id = fields.Many2one(
        "account.move.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    bill_id = fields.Many2one(related="bill_line_id.move_id", string="Vendor Bill")
    state = fields.Selection(
        [("open", "To Bill"), ("billed", "Billed"), ("paid", "Paid")],
        compute="_compute_state",
        search="_search_state",
        compute_sudo=True,
        string="Status",
    )

    _once = models.UniqueIndex("(line_id, number)", "A step is owed once.")

    # === COMPUTE METHODS === #

    @api.depends("bill_line_id.parent_state", "bill_line_id.move_id.payment_state")
    def _compute_state(self):
        for row in self:
            bill = row.bill_line_id.move_id
            if not bill or bill.state == "cancel":
                row.state = "open"
            elif bill.payment_state in ("paid", "reversed"):
                row.state = "paid"
            else:
                row.state = "billed"

    def _search_state(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        open_domain = [
            "|",
            ("bill_line_id", "=", False),
            ("bill_line_id.parent_state", "=", "cancel"),
        ]
        paid = ("bill_line_id.move_id.payment_state", "in", ("paid", "reversed"))
        billed = [
            ("bill_line_id", "!=", False),
            ("bill_line_id.parent_state", "!=", "cancel"),
        ]
        domains = {
            "open": open_domain,
            "paid": [*billed, paid],
            "billed": [*billed, "!", paid],
        }
        chosen = [domains[state] for state in value if state in domains]
        domain = fields.Domain.OR(chosen)
        return domain if operator == "in" else ~domain

    # === BOOKING === #

    @api.model
    def _book(self, rows):
        """Add what is owed; a step that is there already is not added again.

        :param rows: list of dict of columns
        """
        if rows:
            self.env["b2b2c.supply.line"].flush_model()
            insert_rows(self, rows)
            self.env["b2b2c.supply.line"].invalidate_model(["compensation_ids"])

    # === BILLING === #

    @decides("distributor_id.partner_id")
    def action_bill(self):
        """Write a draft vendor bill for what is open, one per distributor.

        For loyalty users who may write vendor bills.

        :return: action that opens them
        """
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise UserError(self.env._("Only people of accounting write vendor bills."))
        bills = self.env["account.move"]
        rows = self.sudo().filtered(lambda row: row.state == "open")
        for (company, distributor), group in rows.grouped(
            lambda row: (row.company_id, row.distributor_id)
        ).items():
            bills |= group._bill(company, distributor)
        if not bills:
            raise UserError(self.env._("All of it was billed already."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_in_invoice_type"
        )
        return dict(action, domain=[("id", "in", bills.ids)], context={})

    def _bill(self, company, distributor):
        """Write one draft bill; below zero it is a refund.

        :return: the bill
        """
        amount = sum(self.mapped("amount"))
        sign = -1 if amount < 0 else 1
        product = self.env.ref("loyalty_b2b2c.product_paid_with_points")
        products = self.sorted("id").grouped("product_id")
        bill = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "in_invoice" if sign > 0 else "in_refund",
                    "company_id": company.id,
                    "partner_id": distributor.partner_id.id,
                    "invoice_origin": ", ".join(self.order_id.mapped("name"))[:200],
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "name": self.env._(
                                    "%(quantity)g × %(product)s shipped to shops",
                                    quantity=sum(rows.mapped("quantity")),
                                    product=goods.display_name,
                                ),
                                "quantity": 1,
                                "price_unit": sign * sum(rows.mapped("amount")),
                            }
                        )
                        for goods, rows in products.items()
                    ],
                }
            )
        )
        lines = bill.invoice_line_ids.sorted("id")
        for line, rows in zip(lines, products.values(), strict=True):
            rows._mark(line)
        return bill

    def _mark(self, bill_line):
        """Note what these rows are billed with; the UPDATE is the guard.

        :raise UserError: somebody else billed one of them at the same time
        """
        bill_line.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_compensation c SET bill_line_id = %(line)s
                 WHERE c.id = ANY(%(ids)s) AND %(is_open)s
             RETURNING c.id
                """,
                line=bill_line.id,
                ids=self.ids,
                is_open=self._get_open_condition("c"),
            )
        )
        self.invalidate_recordset()
        if len(rows) < len(self):
            raise UserError(self.env._("Somebody else has just billed some of it."))

    @api.model
    def _get_open_condition(self, alias):
        """Return the SQL condition under which a row waits to be billed; packages that
        pay for goods in another way add theirs with ``super()``.

        :param str alias: of the table in the statement
        """
        return SQL(
            """
            (%(bill)s IS NULL OR EXISTS (
                SELECT FROM account_move_line l
                 WHERE l.id = %(bill)s AND l.parent_state = 'cancel'))
            """,
            bill=SQL.identifier(alias, "bill_line_id"),
        )
