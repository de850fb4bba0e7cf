from datetime import timedelta

from odoo import api, fields, models

from ...engine import to_decimal
from ...values import shown
from ..base.code_picture import draw_code
from ..base.days import get_today
from . import handover_code

_QR_SIZE = 400


class B2b2cRedemption(models.Model):
    """A request at the desk: until when, shown with which code, at which cost."""

    _inherit = "b2b2c.redemption"

    kind = fields.Selection(related="reward_id.kind", store=True, index=True)
    deadline = fields.Date(readonly=True, help="Overdue from the day after.")
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue", string="Overdue"
    )
    pickup_place = fields.Char(related="reward_id.pickup_place")
    handover_code = fields.Char(
        readonly=True,
        copy=False,
        groups="loyalty_b2b2c.group_officer",
        help="The participant shows it where the reward is collected.",
    )

    # Figures: as they were when the pieces were given
    quantity_kept = fields.Integer("Given", readonly=True)
    quantity_waiting = fields.Integer(
        "Waiting", compute="_compute_quantity_waiting", store=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(
        readonly=True, help="What the given pieces cost your company."
    )
    worth = fields.Monetary(
        readonly=True,
        help="What the spent points were worth: the value people read, or else the "
        "value of a point.",
    )
    margin = fields.Monetary(
        readonly=True, help="What the points were worth, less what the pieces cost."
    )

    _handover_code_once = models.UniqueIndex(
        "(handover_code)", "There is a request with this code already."
    )
    _deadline_waiting = models.Index("(deadline) WHERE state = 'requested'")

    # === COMPUTE METHODS === #

    @api.depends("state", "quantity", "quantity_given")
    def _compute_quantity_waiting(self):
        for redemption in self:
            redemption.quantity_waiting = (
                redemption.quantity - redemption.quantity_given
                if redemption.state == "requested"
                else 0
            )

    @api.depends("state", "deadline")
    def _compute_is_overdue(self):
        for redemption in self:
            redemption.is_overdue = bool(
                redemption.state == "requested"
                and redemption.deadline
                and redemption.deadline < get_today(redemption.company_id)
            )

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = get_today(self.env.company)
        return [("state", "=", "requested"), ("deadline", "<", today)]

    # === REQUESTING === #

    def _prepare_row(self, offer):
        reward = offer.reward
        deadline = None
        if reward.deadline_days:
            today = get_today(reward.company_id)
            deadline = today + timedelta(days=reward.deadline_days)
        return {
            **super()._prepare_row(offer),
            "kind": reward.kind,
            "deadline": deadline,
            "handover_code": handover_code.new_code(),
            "quantity_kept": 0,
            "quantity_waiting": offer.quantity,
            "cost": 0,
            "worth": 0,
            "margin": 0,
        }

    def _reserve(self, offer, request_key, answers, values=None):
        request = super()._reserve(offer, request_key, answers, values)
        request._ask_who_fulfils()
        return request

    def _ask_who_fulfils(self):
        """Give who fulfils rewards like this an activity until the deadline."""
        user = self.reward_id.responsible_id
        if self.state != "requested" or not (self.deadline and user):
            return
        if not self.activity_ids:
            # the list of activities tells; a mail for each request would not be read
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                self.deadline,
                self.env._("Fulfil this request"),
                user_id=user.id,
            )

    # === DECIDING === #

    def _move_to(self, state, user, note=None, left="requested"):
        moved = super()._move_to(state, user, note=note, left=left)
        if moved:
            self._compute_quantity_waiting()
            self.activity_unlink(["mail.mail_activity_data_todo"])
        return moved

    def _after_giving(self, quantity):
        """Keep what the pieces cost, and what their points are worth, as it is now."""
        result = super()._after_giving(quantity)
        if quantity > 0:
            self.cost += self._get_cost_of(quantity)
            self.worth += self._get_worth_of(quantity)
        elif self.quantity_kept:
            share = (self.quantity_kept + quantity) / self.quantity_kept
            self.cost, self.worth = self.cost * share, self.worth * share
        self.quantity_kept = self.quantity_given - self.quantity_returned
        self._compute_quantity_waiting()
        self.margin = self.worth - self.cost
        return result

    def _get_cost_of(self, quantity):
        """Return what pieces cost the company, a float in its currency."""
        return self.reward_id._get_handler()._get_cost(self, quantity)

    def _get_worth_of(self, quantity):
        """Return what the points of pieces are worth, a float in its currency."""
        unit = self.account_id.unit_id.with_company(self.company_id)
        value, currency = unit._get_face_value(self.company_id)
        points = self._get_points_of(quantity)
        worth = shown(points * (value or to_decimal(unit.point_value)))
        return currency._convert(
            worth, self.company_id.currency_id, self.company_id, fields.Date.today()
        )

    # === AT THE DESK === #

    def _find_to_hand_over(self, text):
        """Return the request whose code was scanned or typed, empty when none is.

        :param str text: as the scanner or a person typed it
        """
        code = handover_code.read_code(text)
        if not code:
            return self.browse()
        return self.sudo().search(
            [
                ("handover_code", "=", code),
                ("company_id", "in", self.env.companies.ids),
            ]
        )

    def _hand_over(self, user):
        """Give the person who stands here everything that still waits.

        :param user: ``res.users`` who hands it over
        :raise UserError: it was decided otherwise, or cannot be given
        """
        self.ensure_one()
        self.reward_id._get_handler()._hand_over(self, user)

    def _is_collected(self):
        """Tell whether the participant collects what still waits."""
        return self.state == "requested" and bool(self.sudo().pickup_place)

    def _get_handover_text(self):
        """Return the code the way people read it out."""
        return handover_code.shown_code(self.sudo().handover_code or "")

    def _get_handover_picture(self):
        """Return the QR code to show as the address of a picture."""
        text = handover_code.PREFIX + (self.sudo().handover_code or "")
        return draw_code(self.env, text, _QR_SIZE)

    # === ACTION METHODS === #

    def action_print_slip(self):
        """Print the slips of these requests on a roll of 80 mm (officers)."""
        requests = self._check_officer().with_env(self.env)
        report = self.env.ref("loyalty_b2b2c.b2b2c_redemption_slip_roll")
        return report.report_action(requests)
