from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine import to_decimal
from ..rewards.b2b2c_reward_handler import Refusal
from . import delivery_address


class B2b2cReward(models.Model):
    """A reward may be goods from stock."""

    _inherit = "b2b2c.reward"

    kind = fields.Selection(
        selection_add=[("delivery", "Goods from stock")],
        ondelete={"delivery": "set default"},
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Where the goods leave from. Empty: the first warehouse.",
    )
    is_from_stock = fields.Boolean(
        "As Many As in Stock",
        help="Sold out as soon as the warehouse has no free piece. Otherwise requests "
        "wait until there is one.",
    )

    @api.onchange("kind")
    def _onchange_kind_delivery(self):
        if self.kind == "delivery":
            self.is_from_stock = self.product_id.is_storable

    @api.constrains("kind", "product_id", "price_kind", "points", "unit_id")
    def _check_delivery(self):
        for reward in self.filtered(lambda reward: reward.kind == "delivery"):
            product, unit = reward.product_id, reward.unit_id
            if not product or product.type != "consu":
                raise ValidationError(
                    self.env._(
                        "Choose the goods that are delivered for “%s”.", reward.name
                    )
                )
            if reward._is_kit():
                raise ValidationError(
                    self.env._(
                        "%s is a kit: its parts leave the warehouse, and no transfer "
                        "says how many kits were given. Choose goods that leave as "
                        "they are.",
                        product.display_name,
                    )
                )
            if reward.price_kind == "chosen":
                raise ValidationError(
                    self.env._("Goods have a fixed price, or are free.")
                )
            is_own = unit.kind == "goods" and unit.product_id == product
            is_paid = reward.price_kind == "fixed"
            if is_own and is_paid and to_decimal(reward.points) != 1:
                raise ValidationError(
                    self.env._(
                        "“%(unit)s” counts pieces of %(product)s: one piece costs 1.",
                        unit=unit.name,
                        product=product.display_name,
                    )
                )

    def _is_kit(self):
        """Tell whether the goods are delivered as their parts (beside Odoo's
        manufacturing)."""
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        return "is_kits" in product._fields and product.is_kits

    def _get_warehouse(self):
        """Return where the goods of this reward leave from."""
        self.ensure_one()
        warehouses = self.env["stock.warehouse"]
        own = [("company_id", "=", self.company_id.id)]
        return self.warehouse_id or warehouses.search(own, limit=1)

    def _is_bound_to_stock(self):
        """Tell whether no more can be requested than the warehouse has."""
        self.ensure_one()
        return (
            self.kind == "delivery"
            and self.is_from_stock
            and self.product_id.is_storable
        )

    def _get_stock_pieces(self):
        """Return how many whole pieces of the warehouse nothing is reserved for."""
        product = self.product_id.with_company(self.company_id).with_context(
            warehouse_id=self._get_warehouse().id
        )
        return int(product.free_qty)

    def _get_unassigned_pieces(self):
        """Return how many pieces of this product were requested, and have no delivery
        yet as somebody looks at the requests first."""
        [[waiting]] = self.env["b2b2c.redemption"]._read_group(
            [
                ("state", "=", "requested"),
                ("reference_id", "=", False),
                ("company_id", "=", self.company_id.id),
                ("kind", "=", "delivery"),
                ("reward_id.product_id", "=", self.product_id.id),
            ],
            [],
            ["quantity_waiting:sum"],
        )
        return waiting or 0

    def _get_free_pieces(self):
        """Return how many pieces can still be requested; less than nothing when more
        were than there are."""
        return self._get_stock_pieces() - self._get_unassigned_pieces()


class B2b2cRewardHandlerDelivery(models.AbstractModel):
    """Goods leave the warehouse, and the delivery proves what was given.

    A request asks for a delivery at once, or when somebody has looked at it.  What is
    delivered is spent, what comes back frees its points, what is cancelled is refused:
    ``b2b2c.redemption._follow_goods``.
    """

    _name = "b2b2c.reward.handler.delivery"
    _description = "Kind of Reward: Goods from Stock"
    _inherit = "b2b2c.reward.handler"
    _icon = "fa-truck"

    @api.model
    def _word_giving(self, reward):
        return self.env._("You say where it should go, or that you collect it.")

    @api.model
    def _count_left(self, reward):
        if not reward._is_bound_to_stock():
            return None
        return max(reward._get_free_pieces(), 0)

    @api.model
    def _check(self, offer):
        reward = offer.reward
        if reward._is_kit():  # since the reward was made
            return Refusal(
                "no_route", self.env._("This cannot be delivered at the moment.")
            )
        if not reward._is_bound_to_stock():
            return None
        free = reward._get_free_pieces()
        return None if free >= offer.quantity else self._refuse_pieces(free)

    @api.model
    def _refuse_pieces(self, free):
        """Return the refusal when only so many pieces are free."""
        if free < 1:
            return Refusal("sold_out", self.env._("There is none left at the moment."))
        return Refusal("few_left", self.env._("Only %s left.", free))

    @api.model
    def _get_questions(self, offer):
        if offer.reward.pickup_place:
            return ()
        addresses = delivery_address.get_addresses(offer.member)
        return delivery_address.get_questions(self.env, addresses)

    @api.model
    def _read_answers(self, offer, answers):
        read = super()._read_answers(offer, answers)
        if offer.reward.pickup_place:
            return {}
        return delivery_address.read(self.env, read)

    @api.model
    def _is_by_hand(self, request):
        return False

    @api.model
    def _may_cancel(self, request):
        return not request._is_packed()

    @api.model
    def _reserve(self, request, answers):
        """Take the pieces, and ask for the delivery unless somebody looks first."""
        member, reward = request.member_id, request.reward_id
        request.delivery_contact_id = (
            delivery_address.get_contact(member, answers)
            if answers
            else member.partner_id
        )
        request._take_pieces(reward._get_unassigned_pieces)
        if not reward.needs_approval:
            request._ask_for_delivery()

    @api.model
    def _release(self, request):
        request._get_open_moves()._action_cancel()

    @api.model
    def _hand_over(self, request, user):
        if not request.reference_id:
            request._approve_delivery()
        moves = request._get_open_moves()
        if not self._are_ready(moves):
            raise UserError(
                self.env._("The goods of %s are not ready yet.", request.display_name)
            )
        for move in moves:
            move.quantity = move.product_uom_qty
        moves.picked = True
        moves.picking_id._action_done()

    @api.model
    def _describe(self, request):
        description = super()._describe(request)
        lines = [*description.lines]
        contact = request.delivery_contact_id
        if contact and not request.pickup_place:
            where = delivery_address.word(contact)
            lines.append(self.env._("Delivered to: %s", where))
        given = request.quantity_given - request.quantity_returned
        if given and given < request.quantity:
            lines.append(
                self.env._(
                    "%(given)s of %(quantity)s pieces are delivered.",
                    given=given,
                    quantity=request.quantity,
                )
            )
        return replace(
            description, lines=tuple(lines), status=self._word_status(request)
        )

    @api.model
    def _are_ready(self, moves):
        """Tell whether all goods lie where they leave to the participant."""
        return bool(moves) and all(
            move.state == "assigned" and move.location_dest_id.usage == "customer"
            for move in moves
        )

    @api.model
    def _word_status(self, request):
        """Return how far the delivery is, empty when the states say it all."""
        if request.state != "requested":
            return ""
        if not request.reference_id:
            return self.env._("Being checked")
        if request.quantity_given:
            return self.env._("Delivered in part")
        if request.pickup_place and self._are_ready(request._get_open_moves()):
            return self.env._("Ready to collect")
        return self.env._("In preparation")
