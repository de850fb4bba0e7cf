from odoo import api, fields, models

from odoo.addons.loyalty_b2b2c.const import POINTS
from odoo.addons.loyalty_b2b2c.values import shown


class B2b2cPartPaymentChoose(models.TransientModel):
    """A seller enters how many points the customer wants to use for a quotation."""

    _name = "b2b2c.part.payment.choose"
    _description = "Choose Points"
    _inherit = "b2b2c.dialog"

    order_id = fields.Many2one(
        "sale.order",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    points = fields.Float(
        **POINTS, compute="_compute_points", store=True, readonly=False
    )
    symbol = fields.Char(compute="_compute_offer")
    available = fields.Char(compute="_compute_offer")
    most = fields.Char(compute="_compute_offer", string="For This Order")
    sentence = fields.Char(compute="_compute_offer")

    @api.depends("order_id")
    def _compute_offer(self):
        for dialog in self:
            offer = dialog._get_offer()
            dialog.symbol = offer and offer.unit.symbol
            dialog.available = offer and offer.available
            dialog.most = offer and offer.word_most()
            dialog.sentence = offer and offer.sentence

    @api.depends("order_id")
    def _compute_points(self):
        for dialog in self:
            offer = dialog._get_offer()
            dialog.points = shown(offer.chosen) if offer else 0

    def _get_offer(self):
        """Return what the customer can choose, ``None`` where that is nothing."""
        parts = self.env["b2b2c.part.payment"]
        return parts._get_offer(self.order_id) if self.order_id else None

    def action_choose(self):
        """Let the quotation be paid in part with so many points."""
        return self._choose(self.points)

    def action_choose_most(self):
        """Use as many points as the quotation takes."""
        offer = self._get_offer()
        return self._choose(offer.most if offer else 0)

    def action_choose_none(self):
        """Use no points."""
        return self._choose(0)

    def _choose(self, points):
        self.ensure_one()
        self.order_id.check_access("write")
        self.env["b2b2c.part.payment"]._choose(self.order_id, points)
        return {"type": "ir.actions.act_window_close"}
