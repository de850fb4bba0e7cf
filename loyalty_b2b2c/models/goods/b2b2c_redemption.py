from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...exceptions import RedemptionError
from ..people.authority import decides


class B2b2cRedemption(models.Model):
    """A request that is delivered: its goods, and what follows from where they are."""

    _inherit = "b2b2c.redemption"

    reference_id = fields.Many2one(
        "stock.reference",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Holds together the transfers that deliver it, also what comes back.",
    )
    delivery_contact_id = fields.Many2one(
        "res.partner", "Deliver To", readonly=True, ondelete="restrict"
    )
    picking_ids = fields.Many2many(
        "stock.picking",
        compute="_compute_picking_ids",
        string="Transfers",
        groups="stock.group_stock_user",
    )
    picking_count = fields.Integer(
        compute="_compute_picking_ids", groups="stock.group_stock_user"
    )
    needs_delivery = fields.Boolean(compute="_compute_needs_delivery")

    _delivery_once = models.UniqueIndex(
        "(reference_id) WHERE reference_id IS NOT NULL",
        "A transfer delivers one request.",
    )

    def _compute_picking_ids(self):
        for redemption in self:
            moves = redemption.sudo().reference_id.move_ids
            redemption.picking_ids = moves.picking_id
            redemption.picking_count = len(moves.picking_id)

    @api.depends("state", "kind", "reference_id")
    def _compute_needs_delivery(self):
        for redemption in self:
            redemption.needs_delivery = (
                redemption.state == "requested"
                and redemption.kind == "delivery"
                and not redemption.reference_id
            )

    # === ASKING FOR A DELIVERY === #

    def _take_pieces(self, count_others):
        """Refuse this request when the warehouse has too few free pieces for it.

        Odoo reserves stock without a guard: two reservations of one piece can both
        succeed.  So all rewards with this product are touched first: of two requests
        at once Odoo repeats the later one, which then sees what the first took.

        :param count_others: function that returns how many pieces are promised beside
            what the warehouse has reserved, those of this request included
        :raise RedemptionError: there are not so many; its text is for people
        """
        reward, quantity = self.reward_id, self.quantity_waiting
        if not reward._is_bound_to_stock():
            return
        self._line_up_for_product()
        reward.product_id.invalidate_model(["free_qty"])
        free = reward._get_stock_pieces() - count_others() + quantity
        if free < quantity:
            refusal = reward._get_handler()._refuse_pieces(free)
            raise RedemptionError(refusal.code, refusal.sentence)

    def _line_up_for_product(self):
        """Let requests for goods with one product come one after the other."""
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_reward r SET stock_taken = r.stock_taken
                  FROM (SELECT id FROM b2b2c_reward
                         WHERE product_id = %s AND company_id = %s
                           AND kind = 'delivery'
                      ORDER BY id FOR NO KEY UPDATE) its
                 WHERE r.id = its.id
             RETURNING r.id
                """,
                self.reward_id.product_id.id,
                self.company_id.id,
            )
        )

    def _ask_for_delivery(self):
        """Ask the warehouse for the goods, by the routes it has, without a price.

        :raise RedemptionError: no way leads from the warehouse to the participant
        """
        self.ensure_one()
        reward, contact = self.reward_id, self.delivery_contact_id
        rules = self.env["stock.rule"].with_company(self.company_id)
        self.reference_id = self.env["stock.reference"].create({"name": self.name})
        location = self.company_id.b2b2c_goods_location_id
        location = (
            location or contact.with_company(self.company_id).property_stock_customer
        )
        wanted = rules.Procurement(
            reward.product_id,
            self.quantity,
            reward.product_id.uom_id,
            location,
            reward.name,
            self.name,
            self.company_id,
            {
                "reference_ids": self.reference_id,
                "warehouse_id": reward._get_warehouse(),
                "partner_id": contact.id,
                "location_final_id": location,
                "company_id": self.company_id,
                "date_planned": fields.Datetime.now(),
                "date_deadline": self.deadline,
            },
        )
        try:
            rules.run([wanted])
        except UserError as error:
            # how a warehouse is set up is no business of participants
            raise RedemptionError(
                "no_route", self.env._("This cannot be delivered at the moment.")
            ) from error
        moves = self.reference_id.move_ids
        waiting = moves.filtered(lambda move: move.state in ("confirmed", "draft"))
        waiting._action_assign()

    def _approve_delivery(self):
        """Ask for the delivery of a request that somebody has looked at."""
        self.ensure_one()
        if self.state != "requested" or self.reference_id:
            return
        with self.env.cr.savepoint():
            # what others wait for is no reason: somebody has decided for this one
            self._take_pieces(lambda: self.quantity_waiting)
            self._ask_for_delivery()
            self._message_log(
                body=self.env._("%s let it be delivered.", self.env.user.name)
            )

    # === FOLLOWING THE GOODS === #

    def _follow_goods(self):
        """Bring these requests in line with their transfers.

        What reached the participant is spent, what came back is returned, and what
        will not come any more is refused.  Done again it changes nothing.
        """
        for request in self.filtered("reference_id"):
            delivered, back, coming = request._count_goods()
            request._follow_delivered(delivered)
            # what is to come beyond what still waits replaces what came back
            replaced = max(coming - request.quantity_waiting, 0)
            request._follow_back(delivered + replaced - back)
            if request.state == "requested" and not coming:
                note = (
                    self.env._("The rest is not delivered.")
                    if request.quantity_given
                    else self.env._("It is not delivered: the transfer was cancelled.")
                )
                request._refuse(self.env.user, note)

    def _tell_ready(self):
        """Tell participants, once, that all they are to collect waits for them."""
        for request in self.filtered("pickup_place"):
            handler = request.reward_id._get_handler()
            if request._is_ready(handler):
                news = {**request._get_news(points=0), "note": request.pickup_place}
                request._get_messages()._queue_reward(kind="ready_to_collect", **news)

    def _is_ready(self, handler):
        """Tell whether all that still waits can be collected."""
        return self.state == "requested" and handler._are_ready(self._get_open_moves())

    def _follow_delivered(self, delivered):
        """Spend what was delivered and not spent yet.

        :param int delivered: whole pieces that reached the participant so far
        """
        new = min(delivered, self.quantity) - self.quantity_given
        if self.state == "requested" and new > 0:
            self._give(new, self.env.user)

    def _follow_back(self, expected):
        """Return what came back and nothing is on its way for.

        :param int expected: pieces the participant has, or is to get
        """
        kept = self.quantity_given - self.quantity_returned
        back = kept - max(expected, 0)
        if back > 0 and self.state in ("requested", "fulfilled"):
            note = self.env._("Your return has arrived.")
            self._return(self.env.user, note, quantity=back)

    def _count_goods(self):
        """Return how many whole pieces were delivered, came back, are to come."""
        moves, coming = self.reference_id.move_ids, self._get_open_moves()
        # of a way of several steps only the last one that is planned counts
        coming = coming.filtered(lambda move: not move.move_dest_ids & coming)
        done = moves.filtered(lambda move: move.state == "done")
        arrived = done.filtered(
            lambda move: (
                move.location_dest_id.usage == "customer"
                and move.location_id.usage != "customer"
            )
        )
        left = done.filtered(
            lambda move: (
                move.location_id.usage == "customer"
                and move.location_dest_id.usage != "customer"
            )
        )
        return tuple(
            int(sum(move._b2b2c_get_pieces() for move in part))
            for part in (arrived, left, coming)
        )

    def _get_open_moves(self):
        """Return the moves that are to bring the goods nearer to the participant."""
        return self.reference_id.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.location_id.usage != "customer"
            )
        )

    def _is_packed(self):
        """Tell whether somebody has begun to send what still waits."""
        moves = self._get_open_moves()
        return any(moves.picking_id.mapped("printed")) or any(
            move.picked or "done" in move.move_orig_ids.mapped("state")
            for move in moves
        )

    # === ACTION METHODS === #

    @decides("member_id")
    def action_deliver(self):
        """Ask for the delivery of these requests (officers)."""
        requests = self._check_officer()
        for request in requests._in_one_order():
            request._approve_delivery()
        return True

    def action_open_pickings(self):
        """Open the transfers of this request."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.action_picking_tree_all"
        )
        return dict(action, domain=[("id", "in", self.picking_ids.ids)], context={})
