"""Who comes with Iryna's code pays 10 % less of paper, which costs 100.00."""

from odoo import Command

from odoo.addons.loyalty_b2b2c.tests.referrals.common import ReferralCommon


class ReferralDiscountCommon(ReferralCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # promotions of the database would give discounts of their own
        cls.env["loyalty.program"].search([]).active = False
        cls.campaign.discount_percent = 10
        cls.card = cls.env["loyalty.card"]._b2b2c_find(cls.link)
        cls.core = cls.card.program_id

    @classmethod
    def _quote(cls, customer=None, quantity=1, **values):
        """Create a quotation: 100.00 by default."""
        customer = customer or cls.petro
        return cls._create_order(
            quantity, partner_id=customer.id, confirm=False, **values
        )

    def _type(self, order, code=None):
        """Type a code as a client of core's loyalty does; return its error."""
        code = self.link.code if code is None else code
        status = order._try_apply_code(code)
        if "error" in status:
            return status["error"]
        for card, rewards in status.items():
            order._apply_program_reward(rewards, card)
        order._update_programs_and_rewards()
        return ""

    @classmethod
    def _create_promotion(cls, percent, applicability="order", **values):
        """Create a promotion of core's that applies by itself."""
        return cls.env["loyalty.program"].create(
            {
                "name": f"{percent} % for all",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.clear(), Command.create({"minimum_qty": 0})],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": percent,
                            "discount_mode": "percent",
                            "discount_applicability": applicability,
                        }
                    ),
                ],
                **values,
            }
        )
