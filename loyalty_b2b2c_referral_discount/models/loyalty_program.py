from odoo import Command, api, fields, models


class LoyaltyProgram(models.Model):
    """Core's program behind a campaign of recommendations, with a card for each link.

    Its cards are codes that many people use: they hold one use for ever, and no order
    takes anything from them.  Who may use one is asked of the recommendation.
    """

    _inherit = "loyalty.program"

    b2b2c_referral_campaign_id = fields.Many2one(
        "b2b2c.referral.campaign",
        string="Recommendation Campaign",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        groups="loyalty_b2b2c.group_user",
    )

    _b2b2c_campaign_once = models.UniqueIndex(
        "(b2b2c_referral_campaign_id) WHERE b2b2c_referral_campaign_id IS NOT NULL",
        "A campaign has one program of discounts.",
    )

    @api.model
    def _b2b2c_create_for(self, campaign):
        """Create the program of a campaign, which then follows it."""
        return self.sudo().create(
            {
                "name": campaign.name,
                "program_type": "coupons",
                "b2b2c_referral_campaign_id": campaign.id,
                "company_id": campaign.company_id.id,
                "currency_id": campaign.currency_id.id,
                "applies_on": "current",
                "trigger": "with_code",
                "portal_visible": False,
                "communication_plan_ids": [Command.clear()],
                "rule_ids": [Command.clear()],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "percent",
                            "discount": campaign.discount_percent,
                            "required_points": 1,
                        }
                    ),
                ],
            }
        )

    def _b2b2c_follow(self, campaign):
        """Let a program give what its campaign says, and know the campaign's links."""
        self.ensure_one()
        is_given = campaign.active and campaign.discount_percent
        self.write(
            {
                "name": campaign.name,
                "active": bool(is_given),
                "date_from": campaign.date_from,
                "date_to": campaign.date_to,
            }
        )
        if not is_given:
            return
        self.rule_ids = [Command.clear(), *self._b2b2c_get_minimum(campaign)]
        # core takes a discount on products for one that others may stand beside
        beside = campaign.discount_stacking == "together"
        self.reward_ids.write(
            {
                "discount": campaign.discount_percent,
                "discount_max_amount": campaign.discount_max,
                "discount_applicability": "specific" if beside else "order",
                "discount_product_domain": "[]",
                "description": campaign._word_discount(),
            }
        )
        self.env["loyalty.card"]._b2b2c_give(campaign.link_ids)

    @api.model
    def _b2b2c_get_minimum(self, campaign):
        """Return the commands of the rule that says from which amount on."""
        if not campaign.discount_min:
            return []
        rule = {"minimum_amount": campaign.discount_min, "minimum_qty": 0}
        return [Command.create(rule)]

    @api.model
    def _b2b2c_close_referrals(self):
        """Archive the programs: without us nobody checks who uses their codes."""
        self.search([("b2b2c_referral_campaign_id", "!=", False)]).active = False
