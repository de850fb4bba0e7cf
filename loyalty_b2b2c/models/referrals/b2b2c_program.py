from dataclasses import replace
from decimal import Decimal

from odoo import fields, models

from ...engine import to_decimal
from ..mechanics.mechanic import NextStep


class B2b2cProgram(models.Model):
    """How much of a sale its recommenders get at most."""

    _inherit = "b2b2c.program"

    referral_pool = fields.Float(
        string="Recommenders Get At Most",
        digits=(5, 2),
        default=20.0,
        required=True,
        tracking=True,
        help="Percent of what a sale is worth, for the recommenders of all levels "
        "together, whatever the rules say. Points count with the value of one point; "
        "without a value, as one of the company's currency.",
    )

    _pool_possible = models.Constraint(
        "CHECK (referral_pool > 0 AND referral_pool <= 100)",
        "Recommenders get more than 0 and at most 100 percent of a sale.",
    )

    def _to_engine(self):
        return replace(
            super()._to_engine(),
            referral_pool=to_decimal(self.referral_pool),
            point_value=self._get_point_value() or Decimal(1),
        )

    def _get_point_value(self):
        """Return what a point is worth in the company's currency, 0 if unknown."""
        unit = self.unit_id.with_company(self.company_id)
        return Decimal(1) if unit.kind == "money" else to_decimal(unit.point_value)

    # === NEXT STEPS === #

    def _get_next_steps(self):
        steps = super()._get_next_steps()
        if self._rewards_referrers():
            steps += self._get_referral_steps()
        return steps

    def _rewards_referrers(self):
        """Tell whether a rule of it rewards who brought a customer."""
        rules = self.rule_ids
        return "referrer" in {*rules.mapped("pick"), *rules.share_ids.mapped("pick")}

    def _get_referral_steps(self):
        campaigns = self.env["b2b2c.referral.campaign"].search(
            [("program_id", "=", self.id)]
        )
        first = campaigns[:1]
        codes = self.env["b2b2c.referral.link"].search_count(
            [("campaign_id", "in", campaigns.ids)]
        )
        return [
            NextStep(
                code="campaign",
                order=20,
                label=self.env._("Say what a recommendation offers"),
                note=first.name or self.env._("There is no campaign yet."),
                is_done=bool(campaigns),
                button=self.env._("Look at It")
                if first
                else self.env._("New Campaign"),
                act=lambda: self._open_in_dialog(
                    first._name,
                    first.name or self.env._("New Campaign"),
                    res_id=first.id,
                    default_program_id=self.id,
                    default_name=self.name,
                ),
            ),
            NextStep(
                code="referral_codes",
                order=37,
                label=self.env._("Give codes to recommend with"),
                note=self.env._("Codes given: %s", codes),
                is_done=bool(codes),
                button=self.env._("Invite Recommenders"),
                act=lambda: self._open_in_dialog(
                    "b2b2c.referral.invite",
                    self.env._("Invite Recommenders"),
                    default_campaign_id=first.id,
                ),
            ),
        ]
