from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...const import POINTS
from .price_guard import LADDER, REPRICE, is_marked, is_same, marked, plain, price_line
from .sale_order_line import without_closed

#: Follows from the order or from the decision; no client writes it.
_CLOSED = {
    "state",
    "requested_by_id",
    "decided_by_id",
    "decided_at",
    "order_digest",
    "cost",
    "company_id",
    "partner_id",
}
_LINE_CLOSED = {"product_id", "quantity", "expected"}
#: So many officers are asked.
_ASKED = 10


class B2b2cPriceException(models.Model):
    """Another price for one order of a dealer: asked for, and approved by another."""

    _name = "b2b2c.price.exception"
    _description = "Price Exception"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="restrict", tracking=True
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id.commercial_partner_id", store=True, string="Dealer"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    reason = fields.Text()
    line_ids = fields.One2many("b2b2c.price.exception.line", "exception_id")
    cost = fields.Monetary(
        currency_field="company_currency_id",
        compute="_compute_cost",
        store=True,
        tracking=True,
        help="What the company gets less than by the tier.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "Waiting for approval"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    requested_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, default=lambda self: self.env.user
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False)
    order_digest = fields.Char(readonly=True, copy=False)

    # === COMPUTE AND CONSTRAINT METHODS === #

    @api.depends("order_id.name", "partner_id")
    def _compute_display_name(self):
        for exception in self:
            shown = exception.sudo()  # loyalty users may have no rights on orders
            exception.display_name = self.env._(
                "%(order)s of %(dealer)s",
                order=shown.order_id.name or "",
                dealer=shown.partner_id.name or "",
            )

    @api.depends("line_ids.cost")
    def _compute_cost(self):
        for exception in self:
            company = exception.company_id or self.env.company
            currency = exception.currency_id or company.currency_id
            exception.cost = currency._convert(
                sum(exception.line_ids.mapped("cost")),
                company.currency_id,
                company,
                fields.Date.today(),
            )

    @api.model
    def _get_draft(self, order):
        """Return the values of a draft for an order: its lines at their prices."""
        return {
            "order_id": order.id,
            "line_ids": [
                Command.create(
                    {"order_line_id": line.id, "price": price_line(line).net}
                )
                for line in plain(order).order_line
                if not line.display_type and not line.is_downpayment
            ],
        }

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Start as a draft of who asks, whatever a client sends."""
        if not is_marked(LADDER):
            self = without_closed(self, vals_list, _CLOSED)
        exceptions = super().create(vals_list)
        exceptions.order_id.check_access("write")
        return exceptions

    def write(self, vals):
        if not is_marked(LADDER):
            if vals.keys() & _CLOSED:
                raise UserError(self.env._("Use the buttons to move a request on."))
            if "order_id" in vals:
                raise UserError(self.env._("A request stays with its order."))
            if vals.keys() & {"reason", "line_ids"} and any(
                one.state != "draft" for one in self
            ):
                raise UserError(self.env._("Only a draft can be edited."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if any(one.state != "draft" for one in self):
            raise UserError(self.env._("Only a draft can be deleted."))

    # === ACTIONS === #

    def action_request(self):
        """Ask the officers."""
        self.check_access("write")
        for exception in self:
            if exception.state != "draft":
                raise UserError(self.env._("This was asked for already."))
            if exception.requested_by_id != self.env.user:
                raise UserError(self.env._("Who wrote the request asks for it."))
            plain(exception)._request(self.env.user)
        return True

    def action_approve(self):
        """Approve what somebody else asked for, and apply the prices (officers)."""
        for exception in self:
            exception._check_decision()
            if exception.requested_by_id == self.env.user:
                raise UserError(
                    self.env._("Another person approves what you asked for.")
                )
            plain(exception)._approve(self.env.user)
        return True

    def action_refuse(self):
        """Refuse a request (officers)."""
        for exception in self:
            exception._check_decision()
            plain(exception)._decide("refused", self.env.user)
        return True

    def action_cancel(self):
        """Withdraw one's own request."""
        self.check_access("write")
        for exception in self:
            if exception.requested_by_id != self.env.user or exception.state not in (
                "draft",
                "requested",
            ):
                raise UserError(self.env._("You may withdraw your own open request."))
            plain(exception)._decide("cancelled", self.env.user)
        return True

    def _check_decision(self):
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(self.env._("Only a loyalty officer decides on prices."))
        self.check_access("write")
        if self.state != "requested":
            raise UserError(self.env._("This request is not waiting."))

    # === LIFE === #

    def _request(self, user):
        """Fix what is asked for, with what it costs."""
        order = self.order_id
        dealer = order._b2b2c_dealers().get(order)
        if not dealer and not order.b2b2c_standing_id or order.state == "cancel":
            raise UserError(
                self.env._("%s is no open order of a dealer.", order.name or "")
            )
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why another price is right."))
        with marked(LADDER):
            self.line_ids._measure()
            self.line_ids.filtered(
                lambda line: is_same(line.price, line.expected)
            ).unlink()
            if not self.line_ids:
                raise UserError(self.env._("Enter the price of at least one line."))
            self.write({"state": "requested", "order_digest": order._b2b2c_digest()})
        officers = self.env.ref("loyalty_b2b2c.group_officer").all_user_ids
        for officer in (officers - user).filtered(
            lambda one: self.company_id in one.company_ids and one.active
        )[:_ASKED]:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=officer.id,
                summary=self.env._("Approve a price exception"),
            )

    def _approve(self, user):
        """Apply what was asked for, if the order is still the one it was asked for."""
        order = self.order_id
        if order._b2b2c_digest() != self.order_digest:
            raise UserError(
                self.env._(
                    "%s changed since this was asked for: let it be asked for again.",
                    order.name,
                )
            )
        if any(line.qty_invoiced for line in self.line_ids.order_line_id):
            raise UserError(self.env._("%s is invoiced already.", order.name))
        self._decide("approved", user)
        self.line_ids._apply()
        standing = order.b2b2c_standing_id
        self.env["b2b2c.price.deviation"].with_user(user).sudo()._record(
            order,
            standing,
            "exception",
            [
                {
                    "key": f"{line.id}/exception",
                    "name": line.order_line_id.name,
                    "product": line.product_id,
                    "quantity": line.quantity,
                    "expected": line.expected,
                    "actual": line.price,
                    "currency": order.currency_id,
                }
                for line in self.line_ids
            ],
            exception=self,
        )

    def _decide(self, state, user):
        with marked(LADDER):
            self.write(
                {
                    "state": state,
                    "decided_by_id": user.id,
                    "decided_at": fields.Datetime.now(),
                }
            )
        self.activity_unlink(["mail.mail_activity_data_todo"])


class B2b2cPriceExceptionLine(models.Model):
    """The price of one line of an order, as it is asked for."""

    _name = "b2b2c.price.exception.line"
    _description = "Line of a Price Exception"
    _order = "exception_id, id"

    exception_id = fields.Many2one(
        "b2b2c.price.exception", required=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(related="exception_id.order_id")
    state = fields.Selection(related="exception_id.state")
    order_line_id = fields.Many2one(
        "sale.order.line",
        index="btree_not_null",
        ondelete="set null",
        domain="[('order_id', '=', order_id), ('display_type', '=', False),"
        " ('is_downpayment', '=', False)]",
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    quantity = fields.Float(**POINTS, readonly=True)
    currency_id = fields.Many2one(related="exception_id.currency_id")
    expected = fields.Float(
        **POINTS, readonly=True, string="By the Tier", help="Price of a unit."
    )
    price = fields.Float(**POINTS, required=True, string="Wanted Price")
    discount = fields.Float(
        digits="Discount",
        compute="_compute_discount",
        inverse="_inverse_discount",
        string="Below the Tier (%)",
    )
    cost = fields.Float(**POINTS, compute="_compute_cost", store=True)

    _price_range = models.Constraint(
        "CHECK (price >= 0)", "A price is zero or more; goods come back by a return."
    )

    @api.depends("price", "expected")
    def _compute_discount(self):
        for line in self:
            line.discount = (
                100 * (1 - line.price / line.expected) if line.expected else 0
            )

    @api.onchange("discount")
    def _inverse_discount(self):
        for line in self:
            line.price = line.expected * (1 - line.discount / 100)

    @api.depends("price", "expected", "quantity")
    def _compute_cost(self):
        for line in self:
            line.cost = (line.expected - line.price) * line.quantity

    @api.constrains("order_line_id", "exception_id")
    def _check_order(self):
        for line in self.filtered("order_line_id"):
            if line.order_line_id.order_id != line.exception_id.order_id:
                raise ValidationError(
                    self.env._("A price exception is for the lines of one order.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_marked(LADDER):
            self = without_closed(self, vals_list, _LINE_CLOSED)
        lines = super().create(vals_list)
        lines._check_draft()
        with marked(LADDER):
            plain(lines)._measure()
        return lines

    def write(self, vals):
        self.check_access("write")
        if not is_marked(LADDER):
            self._check_draft()
            if vals.keys() & (_LINE_CLOSED | {"cost", "exception_id"}):
                raise UserError(self.env._("What a line costs follows from the order."))
        result = super().write(vals)
        if "order_line_id" in vals and not is_marked(LADDER):
            with marked(LADDER):
                plain(self)._measure()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        self._check_draft()

    def _check_draft(self):
        if not is_marked(LADDER) and any(line.state != "draft" for line in self):
            raise UserError(self.env._("Only a draft can be edited."))

    def _measure(self):
        """Fill in what follows from the order line."""
        for line in self:
            item = line.order_line_id
            if not item or item.display_type or item.is_downpayment:
                raise UserError(self.env._("Choose a line of the order with a price."))
            line.write(
                {
                    "product_id": item.product_id.id,
                    "quantity": item.product_uom_qty,
                    "expected": price_line(item).net,
                    "cost": 0,  # recomputed, whatever a client stored
                }
            )
        self.env.add_to_compute(self._fields["cost"], self)

    def _apply(self):
        """Put approved prices on the order; the guard lets these values pass."""
        for line in self:
            with marked(LADDER), marked(REPRICE):
                line.order_line_id.write(
                    {
                        "price_unit": line.price,
                        "discount": 0,
                        "b2b2c_exception_line_id": line.id,
                    }
                )
        items = self.order_line_id
        items._check_b2b2c_price()
        confirmed = items.filtered(lambda item: item.order_id.state == "sale")
        confirmed.order_id._b2b2c_snapshot(confirmed)
