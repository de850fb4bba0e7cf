from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..dealers.dealer_lookup import find_dealers_of
from ..people.authority import decides
from .closed_fields import refuse_closed
from .marks import LADDER, is_marked, marked
from .order_guard import get_digest
from .prices import is_same, plain, price_line

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
#: So many officers at most get a request to decide on.
_OFFICERS = 10


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
        string="Status",
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

    @api.onchange("order_id")
    def _onchange_order_id(self):
        """Show the lines of the order in a form that is not saved yet, with what each
        costs by the tier; when it is saved they are measured again."""
        if not self.order_id or self._origin.id:
            return
        draft = self._get_draft(self.order_id._origin)
        items = self.env["sale.order.line"]
        for _command, _id, values in draft["line_ids"]:
            item = items.browse(values["order_line_id"])
            values |= {
                "quantity": item.product_uom_qty,
                "expected": price_line(plain(item)).net,
            }
        self.line_ids = [Command.clear(), *draft["line_ids"]]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Start as a draft of who asks, whatever a client sends."""
        if not is_marked(LADDER):
            refuse_closed(self.env, vals_list, _CLOSED)
        exceptions = super().create(vals_list)
        exceptions.order_id.check_access("write")
        return exceptions

    def write(self, vals):
        if not is_marked(LADDER):
            if vals.keys() & _CLOSED:
                raise UserError(self.env._("Use the buttons to move a request on."))
            if "order_id" in vals:
                raise UserError(self.env._("A request stays with its order."))
            is_open = all(exception.state == "draft" for exception in self)
            if vals.keys() & {"reason", "line_ids"} and not is_open:
                raise UserError(self.env._("Only a draft can be edited."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if any(exception.state != "draft" for exception in self):
            raise UserError(self.env._("Only a draft can be deleted."))

    # === ACTIONS === #

    @decides("partner_id")
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

    @decides("partner_id", asked_by="requested_by_id")
    def action_approve(self):
        """Approve what somebody else asked for, and apply the prices (officers)."""
        for exception in self:
            exception._check_decision()
            plain(exception)._approve(self.env.user)
        return True

    @decides("partner_id")
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
        is_managed = order.b2b2c_standing_id or find_dealers_of(order)
        if not is_managed or order.state == "cancel":
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
            self.write({"state": "requested", "order_digest": get_digest(order)})
        officers = self.env.ref("loyalty_b2b2c.group_officer").all_user_ids
        officers = (officers - user).filtered(
            lambda officer: officer.active and self.company_id in officer.company_ids
        )
        for officer in officers[:_OFFICERS]:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=officer.id,
                summary=self.env._("Approve a price exception"),
            )

    def _approve(self, user):
        """Apply what was asked for, if the order is still the one it was asked for."""
        order = self.order_id
        if get_digest(order) != self.order_digest:
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
