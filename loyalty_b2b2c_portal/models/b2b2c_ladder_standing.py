from odoo import api, fields, models

from odoo.addons.loyalty_b2b2c.engine import local_day
from odoo.addons.loyalty_b2b2c.models.dealers import ladder_words
from odoo.addons.loyalty_b2b2c.values import aware

_CHANGES = 12


class B2b2cLadderStanding(models.Model):
    """What a dealer's own people see of its standing."""

    _inherit = "b2b2c.ladder.standing"

    @api.model
    def _get_portal_standings(self, partner):
        """Return the standings (sudo) of the company a person belongs to, or owns.

        A participant is a private contact: who owns a shop is known by the membership.
        """
        members = self.env["b2b2c.member"]._get_portal_members(partner)
        shops = members._get_portal_owners().employer_id
        companies = partner.commercial_partner_id | shops.commercial_partner_id
        return self.sudo().search([("partner_id", "in", companies.ids)], order="id")

    def _get_portal_standing(self):
        """Return everything the page shows of a dealer, as texts."""
        self.ensure_one()
        head = self.head_id or self
        words = ladder_words.explain(self, fields.Datetime.now())
        return {
            **words,
            "supplier": self.company_id.name,
            "since": self.since
            and self.env._("since %s", self._get_portal_day(self.since)),
            "chart": self._get_chart() if head.state_day else "",
            "tiers": [
                {
                    "name": tier.name,
                    "volume": self.env._(
                        "from %s", ladder_words.volume(head.ladder_id, tier.volume_from)
                    ),
                    "is_now": tier == self.tier_id,
                }
                for tier in head.ladder_id.tier_ids
            ],
            "changes": [self._get_portal_change(one) for one in self._get_shown()],
        }

    def _get_shown(self):
        """Return the latest changes of the tier, newest first."""
        return self.change_ids.filtered(
            lambda one: one.tier_id and one.tier_id != one.from_tier_id
        )[:_CHANGES]

    def _get_portal_change(self, change):
        reasons = dict(change._fields["reason"]._description_selection(self.env))
        return {
            "day": self._get_portal_day(change.effective_at),
            "tier": change.tier_id.name,
            "before": change.from_tier_id.name,
            "is_up": change.tier_id.volume_from > change.from_tier_id.volume_from,
            "reason": reasons[change.reason],
            "proof": change.window_from
            and ladder_words.proof(
                self.with_context(lang=self.env.lang),
                change.volume,
                (change.window_from, change.window_to),
            ),
        }

    def _get_portal_day(self, moment):
        """Return the day of a moment (naive UTC) where the dealer is, in words."""
        zone = (self.head_id or self)._get_timezone()
        return ladder_words.day(self.env, local_day(aware(moment), zone))
