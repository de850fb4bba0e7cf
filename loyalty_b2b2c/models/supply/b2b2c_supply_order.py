from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import POINTS
from ...engine import to_decimal
from ..base.rows import update_in_state
from ..people.authority import decides

#: What may still become of an order.
_OPEN = ("sent", "accepted")


class B2b2cSupplyOrder(models.Model):
    """Goods that the owner of a shop orders from its distributor, paid with points.

    Sent → accepted → done, or refused, or cancelled.  The points are reserved when it
    is sent, spent as the goods are shipped, and free again for what never comes.  The
    rest of the price the shop pays to the distributor, who gets a compensation from us
    for the part that points paid (``b2b2c.compensation``).

    This file is what an order is, and who decides about it; ``b2b2c_supply_offer.py``
    sends one, ``b2b2c_supply_shipping.py`` books what was shipped,
    ``b2b2c_supply_sale.py`` is the distributor in a company of this database.
    """

    _name = "b2b2c.supply.order"
    _description = "Owner's Order"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char("Number", required=True, readonly=True)
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Owner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    shop_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="restrict"
    )
    distributor_id = fields.Many2one(
        "b2b2c.distributor", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many("b2b2c.supply.line", "order_id", readonly=True)
    state = fields.Selection(
        [
            ("sent", "Sent"),
            ("accepted", "Accepted"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="sent",
    )
    note = fields.Char("Note to the Owner", readonly=True)
    reference = fields.Char(
        "Distributor's Number", readonly=True, help="Its own number of this order."
    )

    # How it is paid
    account_id = fields.Many2one(
        "b2b2c.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    symbol = fields.Char(related="account_id.unit_id.symbol")
    points = fields.Float(**POINTS, required=True, readonly=True)
    points_spent = fields.Float(**POINTS, readonly=True, default=0)
    amount_total = fields.Monetary("Price", readonly=True, help="Without taxes.")
    amount_points = fields.Monetary("Paid with Points", readonly=True)
    amount_money = fields.Monetary("Paid to the Distributor", readonly=True)
    hold_id = fields.Many2one(
        "b2b2c.ledger.entry", readonly=True, ondelete="restrict", string="Reservation"
    )

    # When, by whom
    request_key = fields.Char(required=True, readonly=True)
    sent_at = fields.Datetime("Sent On", required=True, readonly=True)
    decided_at = fields.Datetime("Decided On", readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    sale_order_id = fields.Many2one(
        "sale.order",
        string="Quotation",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    compensation_ids = fields.One2many("b2b2c.compensation", "order_id")

    _once = models.UniqueIndex("(member_id, request_key)", "This order was sent.")
    _waiting = models.Index("(distributor_id, id) WHERE state IN ('sent', 'accepted')")
    _some_points = models.Constraint(
        "CHECK (points > 0 AND points_spent >= 0 AND points_spent <= points)",
        "An owner's order is paid with points, wholly or partly.",
    )

    def write(self, vals):
        """Clients move an order by its buttons only."""
        if not self.env.su:
            allowed = ("activity_", "my_activity_", "message_")
            if any(not name.startswith(allowed) for name in vals):
                raise UserError(self.env._("Use the buttons to move an order on."))
        return super().write(vals)

    # === DECIDING: internal callers check rights === #

    def _accept(self, user, reference=None):
        """Note that the distributor will ship it.

        :param user: ``res.users`` who says so, empty when a system does
        :param reference: the distributor's own number
        """
        if self._move_to("accepted", ("sent",), user, reference=reference):
            self._message_log(body=self.env._("Accepted by the distributor."))
            self._tell_owner("supply_accepted")

    def _refuse(self, user, note):
        """Free the points: nothing was shipped, and nothing will be.

        :param str note: why; the owner reads it
        """
        if not (note or "").strip():
            raise UserError(self.env._("Say why: the owner reads it."))
        self._call_off("refused", _OPEN, user, note.strip())
        self._tell_owner("supply_refused")

    def _cancel(self, user):
        """Free the points: the owner does not want it, and nobody has accepted it.

        :raise UserError: it was accepted, or decided otherwise
        """
        self._call_off("cancelled", ("sent",), user)

    def _call_off(self, state, left, user, note=None):
        """End an order of which nothing was shipped."""
        self.ensure_one()
        with self.env.cr.savepoint():
            if not self._move_to(state, left, user, note=note):
                return
            if self.points_spent:
                raise UserError(
                    self.env._(
                        "A part of %s was shipped: close it, the rest is free then.",
                        self.name,
                    )
                )
            self.hold_id.account_id._release(self.hold_id)
            self._call_off_sale()
            self._message_log(body=note or self.env._("Cancelled by %s.", user.name))

    def _move_to(self, state, left, user, note=None, reference=None):
        """Leave one of some states; the UPDATE lets one of several succeed.

        :return: whether it did; ``False`` when it is there already (a double click)
        :raise UserError: it was decided otherwise
        """
        columns = {"state": state, "decided_by_id": user.id}
        columns["decided_at"] = fields.Datetime.now()
        said = {"note": note, "reference": reference}
        columns.update({name: text for name, text in said.items() if text is not None})
        moved = update_in_state(self, left, **columns)
        if not moved and self.state != state:
            raise UserError(self.env._("%s was decided already.", self.name))
        return moved

    # === TELLING PEOPLE === #

    def _tell_owner(self, kind):
        """Queue a message to the owner, once per order and kind."""
        self.env["b2b2c.notification"].sudo()._tell(
            [
                {
                    "kind": kind,
                    "key": f"{kind}/{self.id}",
                    "member_id": self.member_id._get_survivor().id,
                    "document_name": self.name,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    def _word_goods(self, lang):
        """Return the goods in words: "2 × Coffee, 1 × Tea"."""
        lines = self.with_context(lang=lang).sudo().line_ids
        return ", ".join(f"{line.quantity} × {line.product_id.name}" for line in lines)

    def _word_points(self):
        """Return the points of this order in words."""
        return self.account_id.unit_id._format(to_decimal(self.points))

    # === ACTION METHODS === #

    @decides("member_id")
    def action_accept(self):
        """Note that the distributor accepted these orders (officers)."""
        for order in self._check_officer():
            order._accept(self.env.user)
        return True

    @decides("member_id")
    def action_ship(self):
        """Ask how much was shipped (officers)."""
        order = self._check_officer()
        order.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Shipped Goods"),
            "res_model": "b2b2c.supply.ship",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    @decides("member_id")
    def action_refuse(self):
        """Ask why this order is refused (officers)."""
        self._check_officer().ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "b2b2c.supply.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    @decides("member_id")
    def action_close(self):
        """Free the points of what is not coming any more (officers)."""
        for order in self._check_officer():
            order._close(self.env.user)
        return True

    def action_open_sale(self):
        """Open the quotation in the distributor's company."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "view_mode": "form",
            "res_id": self.sale_order_id.id,
        }

    def _check_officer(self):
        """Return these orders (with sudo) for an officer who may decide on them.

        :raise UserError: the user is none, or the distributor's own company decides
        """
        if not self.env.user.has_group("loyalty_b2b2c.group_officer"):
            raise UserError(
                self.env._("Only a loyalty officer may decide on orders of owners.")
            )
        self.check_access("read")
        orders = self.sudo()
        if orders.sale_order_id:
            raise UserError(
                self.env._(
                    "%s follows its quotation in the distributor's company.",
                    orders.filtered("sale_order_id")[0].name,
                )
            )
        return orders

    @api.model
    def _get_open_domain(self):
        """Return the domain of orders that may still move."""
        return [("state", "in", _OPEN)]
