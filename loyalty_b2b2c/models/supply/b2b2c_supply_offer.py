from dataclasses import dataclass
from decimal import Decimal

from odoo import api, fields, models

from ...engine import InvalidNumber, Rounding, split, to_decimal, to_fraction
from ...engine.part_payment import Terms
from ...exceptions import InsufficientPoints, RedemptionError
from ..base.rows import insert_rows

#: More pieces of one product than this are a mistake.
MOST_PIECES = 10_000
#: This way of spending points.
WAY = "supply"


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """Goods an owner wants.

    :param price: of one piece, without taxes
    :param amount: of all pieces
    """

    product: models.BaseModel
    quantity: int
    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SupplyOffer:
    """What an order would cost, and how much of it points can pay.

    :param total: money, without taxes
    :param value: what one point pays
    :param available: points the owner can spend now
    :param most: points that can be spent on it
    :param points: points the owner chose
    :param paid: money these points pay
    """

    distributor: models.BaseModel
    lines: tuple[OfferedLine, ...]
    total: Decimal
    value: Decimal
    available: Decimal
    most: Decimal
    points: Decimal
    paid: Decimal

    @property
    def money(self):
        """What the shop pays to the distributor."""
        return self.total - self.paid


class B2b2cSupplyOrder(models.Model):
    """From what an owner wants to an order that was sent."""

    _inherit = "b2b2c.supply.order"

    # === WHAT IT WOULD COST === #

    @api.model
    def _get_offer(self, member, unit, quantities, points=None):
        """Return what goods would cost an owner, and how much of it points can pay.

        Reads only: the guard that counts is the reservation.

        :param member: ``b2b2c.member`` record of an owner
        :param unit: ``b2b2c.unit`` record to pay with
        :param dict quantities: id of a product -> number of pieces
        :param points: a number or a text, the most by default
        :raise RedemptionError: it cannot be ordered; its text is for the owner
        """
        member, unit = member.sudo(), unit.sudo()
        distributor = self._find_distributor(member)
        lines = self._get_offered_lines(distributor, quantities)
        total = sum((line.amount for line in lines), Decimal(0))
        value, payable = self._get_value(unit, lines, total)
        available = max(member._get_spendable(unit), Decimal(0))
        terms = Terms(
            to_fraction(value),
            to_fraction(distributor.most_percent),
            unit.decimals,
            to_decimal(unit.spending_minimum),
        )
        most = terms.fit(available, available, payable)
        points = most if points in (None, "") else self._read_points(points)
        if points <= 0 or points != terms.fit(points, available, payable):
            raise RedemptionError("points", self._word_most(unit, most))
        digits = member.company_id.currency_id.decimal_places
        money = Rounding(digits, "half_up").apply(terms.worth(points))
        paid = min(money, total)
        return SupplyOffer(
            distributor, lines, total, value, available, most, points, paid
        )

    def _find_distributor(self, member):
        """Return who serves an owner.

        :raise RedemptionError: nobody, or this participant may not order
        """
        if not member._owns() or member.state != "enrolled":
            raise RedemptionError(
                "not_offered", self.env._("Only the owner of a shop orders here.")
            )
        distributor = self.env["b2b2c.distributor"]._get_of(member)
        if not distributor:
            raise RedemptionError(
                "not_offered",
                self.env._("No distributor that takes such orders serves your shop."),
            )
        return distributor

    def _get_offered_lines(self, distributor, quantities):
        """Return what is ordered, with its prices.

        :raise RedemptionError: nothing, unknown goods, or no number of pieces
        """
        lines = []
        digits = distributor.currency_id.decimal_places
        goods = {product.id: product for product in distributor.product_ids}
        for product_id, quantity in quantities.items():
            product = goods.get(product_id)
            if not product or not product.active:
                raise RedemptionError(
                    "not_offered", self.env._("Some of it is not offered any more.")
                )
            if not 1 <= quantity <= MOST_PIECES:
                raise RedemptionError(
                    "quantity",
                    self.env._("Choose between 1 and %s pieces.", MOST_PIECES),
                )
            price = distributor._get_price(product, quantity)
            amount = round(price * quantity, digits)
            if amount <= 0:
                raise RedemptionError(
                    "not_offered", self.env._("“%s” has no price.", product.name)
                )
            lines.append(OfferedLine(product, quantity, price, amount))
        if not lines:
            raise RedemptionError("quantity", self.env._("Choose what you need."))
        return tuple(lines)

    def _get_value(self, unit, lines, total):
        """Return what one point pays, and how much of the order points may pay.

        A unit of goods pays pieces of its product and nothing else.

        :raise RedemptionError: points of this unit pay no goods
        """
        if unit._is_spendable_on(WAY):
            if unit.kind == "goods":
                for line in lines:
                    if line.product == unit.product_id:
                        return line.price, line.amount
                raise RedemptionError(
                    "not_spendable",
                    self.env._("What you have pays only “%s”.", unit.product_id.name),
                )
            company = lines[0].product.env.company
            value, currency = unit._get_face_value(company)
            if value and currency == company.currency_id:
                return value, total
        raise RedemptionError(
            "not_spendable", self.env._("What you have cannot pay such orders.")
        )

    def _read_points(self, points):
        """Return points that a page sent.

        :raise RedemptionError: no number
        """
        try:
            return to_decimal(points)
        except InvalidNumber:
            raise RedemptionError(
                "points", self.env._("“%s” is not a number of points.", points)
            ) from None

    def _word_most(self, unit, most):
        """Return why so many points cannot be chosen."""
        if not most:
            return self.env._("You have too few points to order with.")
        return self.env._("Choose up to %s.", unit._format(most))

    # === SENDING === #

    @api.model
    def _send(self, member, unit, quantities, *, request_key, points=None, price=None):
        """Reserve the points and send the order to the distributor, once per key.

        :param str request_key: chosen by the page: sending again is the same order
        :param price: the total the owner agreed to, if somebody did
        :return: the order (with sudo)
        :raise RedemptionError: nothing was sent; its text is for the owner
        """
        member, orders = member.sudo(), self.sudo().with_company(member.company_id)
        order = orders._find(member, request_key)
        if order:
            return order
        offer = orders._get_offer(member, unit, quantities, points)
        if price is not None and orders._read_points(price) != offer.total:
            raise RedemptionError(
                "price",
                self.env._("The price has changed in the meantime. Please look again."),
            )
        with self.env.cr.savepoint():
            order = orders._insert(member, unit, offer, request_key)
            if not order:
                return orders._find(member, request_key)
            order._reserve_points(offer)
            order._add_lines(offer, unit)
            order._forward()
        return order

    def _find(self, member, request_key):
        """Return what an owner sent under a key, empty if nothing."""
        return self.search(
            [("member_id", "=", member.id), ("request_key", "=", request_key)]
        )

    def _insert(self, member, unit, offer, request_key):
        """Store an order; return it, empty when it is stored already."""
        ids = insert_rows(
            self,
            [
                {
                    "name": self.env["ir.sequence"].next_by_code(self._name),
                    "member_id": member.id,
                    "shop_id": member.employer_id.id,
                    "distributor_id": offer.distributor.id,
                    "company_id": member.company_id.id,
                    "state": "sent",
                    "account_id": member._get_account(unit).id,
                    "points": offer.points,
                    "points_spent": Decimal(0),
                    "amount_total": offer.total,
                    "amount_points": offer.paid,
                    "amount_money": offer.money,
                    "request_key": request_key,
                    "sent_at": fields.Datetime.now(),
                }
            ],
        )
        return self.browse(ids)

    def _reserve_points(self, offer):
        """Reserve the points of a new order.

        :raise RedemptionError: they were spent in the meantime
        """
        try:
            self.hold_id = self.account_id._reserve(
                offer.points,
                source_key=f"{self._name},{self.id}",
                document_model=self._name,
                document_id=self.id,
            )
        except InsufficientPoints as error:
            raise RedemptionError("points", str(error)) from None

    def _add_lines(self, offer, unit):
        """Store the lines, each with its share of what points pay and what we owe."""
        digits = self.currency_id.decimal_places
        weights = [
            line.amount
            if unit.kind != "goods" or line.product == unit.product_id
            else Decimal(0)
            for line in offer.lines
        ]
        shares = split(offer.paid, weights, Rounding(digits, "half_up"))
        self.env["b2b2c.supply.line"].create(
            [
                {
                    "order_id": self.id,
                    "product_id": line.product.id,
                    "quantity": line.quantity,
                    "price_unit": line.price,
                    "amount": line.amount,
                    "amount_points": share,
                    "amount_owed": round(
                        offer.distributor._get_compensation(
                            line.product, line.quantity, share, line.price
                        ),
                        digits,
                    ),
                }
                for line, share in zip(offer.lines, shares, strict=True)
            ]
        )

    def _forward(self):
        """Hand the order over to the distributor: a quotation, or a message."""
        if self.distributor_id.supplying_company_id:
            self._create_sale()
        else:
            self.env["b2b2c.notification"].sudo()._tell(
                [
                    {
                        "kind": "supply_order",
                        "key": f"supply_order/{self.id}",
                        "contact_id": self.distributor_id.partner_id.id,
                        "company_id": self.company_id.id,
                        "document_name": self.name,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                ]
            )
        self._message_log(
            body=self.env._("Sent to %s.", self.distributor_id.partner_id.name)
        )
