from decimal import Decimal
from fractions import Fraction

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.loyalty_b2b2c.const import POINTS
from odoo.addons.loyalty_b2b2c.engine import to_decimal, to_fraction
from odoo.addons.loyalty_b2b2c.engine.part_payment import Terms, share
from odoo.addons.loyalty_b2b2c.models.base.days import get_today
from odoo.addons.loyalty_b2b2c.values import shown

from . import point_lines
from .b2b2c_spending_way import PART_PAYMENT
from .part_payment_offer import Offer

ZERO = Decimal(0)


class B2b2cPartPayment(models.Model):
    """How many points a participant chose to pay a part of an order with.

    The lines of points on the order follow from the choice, the ledger from the lines
    and from how far the order has come (``b2b2c_part_payment_booking.py``).  Clients
    choose by a method; they write none of it.
    """

    _name = "b2b2c.part.payment"
    _description = "Part Payment in Points"
    _order = "id desc"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    account_id = fields.Many2one(
        "b2b2c.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    member_id = fields.Many2one(related="account_id.member_id", string="Participant")
    symbol = fields.Char(related="account_id.unit_id.symbol")
    wanted = fields.Float(
        **POINTS,
        string="Chosen",
        readonly=True,
        help="What the person chose; an order takes fewer when it costs less, or when "
        "there are fewer.",
    )

    # What was agreed when the order was confirmed: goods that go or come back later
    # take points along in this proportion
    agreed_points = fields.Float(**POINTS, readonly=True)
    agreed_total = fields.Float(digits=False, readonly=True)

    version = fields.Integer(readonly=True, default=0)
    points_held = fields.Float(**POINTS, compute="_compute_points", string="Reserved")
    points_spent = fields.Float(**POINTS, compute="_compute_points", string="Spent")

    _once = models.UniqueIndex(
        "(order_id)", "The points of this order were chosen a moment ago: try again."
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id.name")
    def _compute_display_name(self):
        for part in self:
            part.display_name = part.sudo().order_id.name

    def _compute_points(self):
        for part in self:
            part.points_held, part.points_spent = (
                part._get_booked() if part.id else (0, 0)
            )

    # === TERMS === #

    @api.model
    def _get_terms(self, order):
        """Return on which terms an order takes points, ``None`` if it takes none.

        :return: :class:`~engine.part_payment.Terms`
        """
        company = order.company_id.sudo()
        unit = company.b2b2c_wallet_unit_id
        if not unit or not unit._is_spendable_on(PART_PAYMENT):
            return None
        value, currency = unit._get_face_value(company)
        if not value:
            return None
        rate = currency._get_conversion_rate(
            currency, order.currency_id, company, get_today(company)
        )
        precision = self.env["decimal.precision"].precision_get("Product Unit")
        return Terms(
            value=to_fraction(value) * to_fraction(rate),
            percent=to_fraction(company.b2b2c_wallet_limit),
            decimals=min(unit.decimals, precision),
            minimum=to_decimal(unit.spending_minimum),
        )

    @api.model
    def _find_account(self, order):
        """Return the account an order can be paid from, empty when there is none.

        The contact of the order is the participant himself. Who takes part at several
        employers pays with what is earned where most is left.
        """
        unit = order.company_id.sudo().b2b2c_wallet_unit_id
        members = (
            self.env["b2b2c.member"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", order.partner_id.id),
                    ("company_id", "=", order.company_id.id),
                    ("state", "=", "enrolled"),
                ]
            )
        )
        accounts = members.account_ids.filtered(lambda account: account.unit_id == unit)
        available = accounts._get_available()
        return accounts.sorted(lambda account: (-available[account.id], account.id))[:1]

    def _get_spendable(self):
        """Return what the participant has for this order: what is free, and what it
        holds or has spent already."""
        self.ensure_one()
        if self.account_id.member_id.state != "enrolled":
            return sum(self._get_booked(), ZERO)
        available = self.account_id._get_available()[self.account_id.id]
        return available + sum(self._get_booked(), ZERO)

    # === CHOOSING === #

    @api.model
    def _choose(self, order, points):
        """Let an order be paid in part with points.

        :param order: ``sale.order``; who may write it is for the caller to ask
        :param points: how many, 0 for none
        :return: the part payment (with sudo), empty where nothing was ever chosen
        :raise UserError: in a sentence for who chose; nothing changed
        """
        order.ensure_one()
        parts = self.sudo()
        part = order.sudo().b2b2c_part_payment_ids
        parts._check_open(order)
        points = self.env["b2b2c.unit"]._to_points(points)
        if points < 0:
            raise UserError(self.env._("Choose how many points you want to use."))
        if points:
            part = parts._prepare(order, points)
        part.wanted = points
        order._update_programs_and_rewards()
        return part

    def _prepare(self, order, points):
        """Return the part payment of an order, after what is refused.

        :param points: what was chosen, > 0
        """
        terms = self._get_terms(order)
        account = self._find_account(order)
        if not terms or not account:
            raise UserError(self.env._("This order cannot be paid with points."))
        part = order.sudo().b2b2c_part_payment_ids
        if not part:
            part = self.create(
                {
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "account_id": account.id,
                }
            )
        elif part.account_id != account and not any(part._get_booked()):
            part.account_id = account
        part._check_amount(terms, points)
        return part

    def _check_amount(self, terms, points):
        """Refuse a number of points that this order cannot take."""
        unit = self.account_id.unit_id
        most = self._get_most(terms)
        if points > most:
            raise UserError(
                self.env._("You can use up to %s on this order.", unit._format(most))
            )
        if points < terms.minimum:
            raise UserError(self.env._("Use at least %s.", unit._format(terms.minimum)))

    def _get_most(self, terms):
        """Return the most points this order takes now."""
        self.ensure_one()
        kind = self.company_id.b2b2c_wallet_kind
        payable = point_lines.get_payable(self.order_id, kind)
        spendable = self._get_spendable()
        return terms.fit(spendable, spendable, payable)

    @api.model
    def _check_open(self, order):
        """Refuse to choose points for an order that is confirmed, or being paid.

        :raise UserError: says which
        """
        if order.state not in ("draft", "sent"):
            raise UserError(self.env._("%s is confirmed: its points stay.", order.name))
        if any(part._has_payment() for part in order.sudo().b2b2c_part_payment_ids):
            raise UserError(
                self.env._("%s is being paid: its points stay.", order.name)
            )

    # === OFFERING === #

    @api.model
    def _get_offer(self, order):
        """Return what can be chosen for an order.

        :return: :class:`.part_payment_offer.Offer`, ``None`` where nothing can
        """
        order.ensure_one()
        terms, account = self._get_terms(order), self._find_account(order)
        if not terms or not account:
            return None
        part = order.sudo().b2b2c_part_payment_ids
        part = part or self.sudo().new(
            {
                "order_id": order.id,
                "company_id": order.company_id.id,
                "account_id": account.id,
            }
        )
        return Offer(
            order=order,
            unit=part.account_id.unit_id,
            points=part._get_spendable(),
            most=part._get_most(terms),
            chosen=part._get_chosen(),
            wanted=to_decimal(part.wanted),
            terms=terms,
        )

    def _get_chosen(self):
        """Return how many points the order is paid with now."""
        line = point_lines.of_points(self.order_id.order_line)[:1]
        return to_decimal(line.product_uom_qty)

    # === WRITING THE ORDER === #

    def _write_lines(self):
        """Let the order, which core has just put together anew, be paid with points.

        As many as the person chose, as far as there are so many and it costs so much.
        """
        self.ensure_one()
        order, terms = self.order_id, self._get_terms(self.order_id)
        points, card = ZERO, self.env["loyalty.card"]
        if terms and self.wanted and self._is_of_contact():
            kind = self.company_id.b2b2c_wallet_kind
            payable = point_lines.get_payable(order, kind)
            wanted = to_decimal(self.wanted)
            points = terms.fit(wanted, self._get_spendable(), payable)
        if points:
            program = self.env["loyalty.program"]._b2b2c_get_wallet(self.company_id)
            card = card._b2b2c_get_card(program, self.account_id)
        point_lines.write_lines(order, card, points, terms)

    def _is_of_contact(self):
        """Tell whether the order is still for the person whose points these are."""
        return self.account_id.member_id.partner_id == self.order_id.partner_id

    def _agree(self):
        """Keep what was agreed when the order was confirmed."""
        for part in self:
            line = point_lines.of_points(part.order_id.order_line)[:1]
            part.agreed_points = line.product_uom_qty
            part.agreed_total = shown(point_lines.get_total(part.order_id))

    def _lower(self):
        """Take points off confirmed orders that have fewer goods by now."""
        for part in self:
            line = point_lines.of_points(part.order_id.order_line)[:1]
            total = point_lines.get_total(part.order_id)
            points = part._get_share(total, line)
            if line and points < to_decimal(line.product_uom_qty):
                point_lines.lower_lines(part.order_id, points)
                part._settle(is_paid=True)

    def _get_share(self, total, line):
        """Return the points that belong to goods of this worth, as it was agreed."""
        return share(
            to_decimal(self.agreed_points),
            Fraction(total),
            to_fraction(self.agreed_total),
            point_lines.get_decimals(line) if line else 0,
        )

    # === CREDIT NOTES === #

    def _complete_credit(self, move):
        """Let a credit note that is about to be posted credit the points, too.

        Goods that come back take along the points that paid for them, in the proportion
        the order was paid: nobody gets in money what was paid in points.

        :param move: ``account.move``, a draft
        """
        self.ensure_one()
        for line in point_lines.of_points(self.order_id.order_line):
            kept = self._get_share(self._get_invoiced_total(move), line)
            missing = point_lines.get_invoiced_points(line, move) - kept
            if missing > 0:
                values = line._prepare_invoice_line(quantity=shown(missing))
                move.invoice_line_ids = [Command.create(values)]

    def _get_invoiced_total(self, move):
        """Return what the invoiced goods of this order cost, less what is credited.

        :param move: a draft that counts already
        """
        items = point_lines.get_goods(self.order_id).invoice_lines
        return sum(
            (
                point_lines.get_sign(item) * to_fraction(item.price_total)
                for item in items
                if item.move_id == move or item.parent_state == "posted"
            ),
            Fraction(0),
        )
