from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount

from ...drawing.pieces import INK
from ..base.days import word_day


class B2b2cReferralCampaign(models.Model):
    """What a campaign is called where it is shared, and where people join."""

    _inherit = "b2b2c.referral.campaign"

    invitation_id = fields.Many2one(
        "b2b2c.invitation",
        string="Join With",
        ondelete="set null",
        domain="[('company_id', '=', company_id), ('role', 'in', buyer_roles)]",
        help="Who opens a link may also join with this invitation: from then on what "
        "the person buys counts for the recommender. Empty: nobody joins there.",
    )
    buyer_roles = fields.Json(compute="_compute_buyer_roles")

    def _compute_buyer_roles(self):
        self.buyer_roles = self.env["b2b2c.role"]._get_role_codes("buys_anywhere")

    @api.constrains("invitation_id", "company_id")
    def _check_invitation(self):
        for campaign in self.sudo().filtered("invitation_id"):
            invitation = campaign.invitation_id
            if (
                invitation.company_id != campaign.company_id
                or not invitation._buys_anywhere()
            ):
                raise ValidationError(
                    self.env._("Choose an invitation of the company's end customers.")
                )

    def _get_discount(self):
        """Return what who is recommended pays less, for another system.

        :return: dict with ``percent``, ``minimum`` (of the order), ``maximum`` (of the
            discount; both 0 without a limit) and ``currency``; empty without a discount
        """
        if not self.discount_percent:
            return {}
        return {
            "percent": self.discount_percent,
            "minimum": self.discount_min,
            "maximum": self.discount_max,
            "currency": self.currency_id.name,
        }

    # === WORDS === #

    def _word_discount(self):
        """Return the discount in words, empty when there is none."""
        self.ensure_one()
        if not self.discount_percent:
            return ""
        percent = f"{self.discount_percent:g}"
        if self.max_per_buyer == 1 and self.new_only:
            return self.env._("%s %% off your first purchase", percent)
        return self.env._("%s %% off", percent)

    def _word_title(self):
        """Return what a campaign offers in one line, for posters and pictures."""
        self.ensure_one()
        return self._word_discount() or self.env._(
            "Recommended: %s", self.company_id.name
        )

    def _word_terms(self):
        """Return what else holds, as sentences: from which amount on, until when …"""
        self.ensure_one()
        terms = []
        if self.discount_percent and self.discount_min:
            terms.append(
                self.env._("From an order of %s.", self._format(self.discount_min))
            )
        if self.discount_percent and self.discount_max:
            terms.append(self.env._("At most %s off.", self._format(self.discount_max)))
        if self.new_only:
            terms.append(self.env._("For new customers."))
        if self.date_to:
            terms.append(
                self.env._("Valid until %s.", word_day(self.env, self.date_to))
            )
        return terms

    def _word_payment(self):
        """Return how a recommender is paid, as sentences."""
        self.ensure_one()
        words = {
            "first": self.env._("You earn from the first purchase of who you bring."),
            "months": self.env._(
                "You earn from all purchases of who you bring, for %s months.",
                self.months,
            ),
            "always": self.env._("You earn from all purchases of who you bring."),
        }
        return [
            self.env._("It costs nothing, and you need not buy anything."),
            words[self.counts_for],
            *self._word_rates(),
            self.env._(
                "You are paid for purchases only, never for bringing people. What is "
                "returned is taken back."
            ),
        ]

    def _word_rates(self):
        """Return what the rules of the program give those who recommend."""
        rules = self.program_id.rule_ids.filtered(
            lambda rule: "referrer" in [rule.pick, *rule.share_ids.mapped("pick")]
        )
        return [f"{rule.name}: {rule.award_text}." for rule in rules]

    def _format(self, amount):
        """Return an amount of the campaign's currency in words."""
        return format_amount(self.env, amount, self.currency_id)

    def _get_color(self):
        """Return the colour of the company, for what is drawn."""
        return self.company_id.primary_color or INK
