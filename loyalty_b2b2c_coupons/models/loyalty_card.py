from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.loyalty_b2b2c.const import POINTS
from odoo.addons.loyalty_b2b2c.models.base.days import get_today

from .coupon_codes import new_code


class LoyaltyCard(models.Model):
    """Coupons and gift cards that participants got for their points."""

    _inherit = "loyalty.card"

    b2b2c_redemption_id = fields.Many2one(
        "b2b2c.redemption",
        string="Reward Request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    b2b2c_number = fields.Integer(
        "Piece of the Request", readonly=True, copy=False, help="The first one is 1."
    )
    b2b2c_points = fields.Float(
        **POINTS,
        string="Points Given",
        readonly=True,
        copy=False,
        help="What the card began with.",
    )

    _b2b2c_piece_once = models.UniqueIndex(
        "(b2b2c_redemption_id, b2b2c_number) WHERE b2b2c_redemption_id IS NOT NULL",
        "This piece was given already.",
    )

    @api.model
    def _give_for(self, request):
        """Create the cards of a reward request, one per piece.

        :param request: ``b2b2c.redemption`` of a reward of the kind ``coupon``
        :return: the cards
        """
        reward = request.reward_id
        days, points = reward.coupon_days, reward._get_coupon_points()
        today = get_today(reward.company_id)
        person = request.account_id._get_holder().member_id.partner_id
        cards = self.with_context(loyalty_no_mail=True).create(
            [
                {
                    "program_id": reward.coupon_program_id.id,
                    "code": new_code(),
                    "points": points,
                    "partner_id": person.id if reward.is_coupon_personal else False,
                    "expiration_date": today + timedelta(days=days) if days else False,
                    "b2b2c_redemption_id": request.id,
                    "b2b2c_number": number,
                    "b2b2c_points": points,
                }
                for number in range(1, request.quantity + 1)
            ]
        )
        cards._write_history(self.env._("Reward %s", request.name), issued=points)
        return cards

    def _write_history(self, description, **points):
        """Write what happened to these cards, as Odoo shows it.

        :param points: ``issued`` or ``used``
        """
        self.env["loyalty.history"].create(
            [
                {"card_id": card.id, "description": description, **points}
                for card in self
            ]
        )

    def _is_for_customer(self, partner):
        """Tell whether a customer may use a code that is not for everybody.

        The person, and the contact that stands for the person on documents.
        """
        self.ensure_one()
        request = self.sudo().b2b2c_redemption_id
        if not request.reward_id.is_coupon_personal:
            return True
        member = request.account_id._get_holder().member_id
        return partner in member._get_contacts() | self.sudo().partner_id

    def _has_source_order(self):
        """Tell the till that ours were paid for, in points."""
        return super()._has_source_order() or bool(self.sudo().b2b2c_redemption_id)
