from odoo import api, fields, models

#: What core's program follows from.
_FOLLOWED = {
    "name",
    "active",
    "company_id",
    "date_from",
    "date_to",
    "discount_percent",
    "discount_min",
    "discount_max",
    "discount_stacking",
}


class B2b2cReferralCampaign(models.Model):
    """The discount of a campaign is given by a program of core's loyalty."""

    _inherit = "b2b2c.referral.campaign"

    discount_stacking = fields.Selection(
        [
            ("best", "The better of two discounts on the whole order"),
            ("together", "Beside other promotions"),
            ("alone", "Only without other promotions"),
        ],
        string="With Other Promotions",
        required=True,
        default="best",
        tracking=True,
        help="What happens when an order has another discount already.",
    )
    discount_program_ids = fields.One2many(
        "loyalty.program",
        "b2b2c_referral_campaign_id",
        readonly=True,
        context={"active_test": False},
        groups="sales_team.group_sale_manager",
    )

    @api.model_create_multi
    def create(self, vals_list):
        campaigns = super().create(vals_list)
        campaigns._prepare_discount()
        return campaigns

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & _FOLLOWED:
            self._prepare_discount()
        return result

    def _prepare_discount(self):
        """Let core's programs follow from these campaigns, and links have cards."""
        for campaign in self.sudo():
            program = campaign.discount_program_ids
            if campaign.discount_percent and not program:
                program = program._b2b2c_create_for(campaign)
                campaign.invalidate_recordset(["discount_program_ids"])
            if program:
                program._b2b2c_follow(campaign)
