from odoo import fields
from odoo.tools import formatLang

from odoo.addons.loyalty_b2b2c.engine import local_day
from odoo.addons.loyalty_b2b2c.models.base.days import get_today_in
from odoo.addons.loyalty_b2b2c.models.dealers import ladder_words
from odoo.addons.loyalty_b2b2c.values import aware

from . import membership

_CHANGES = 12
_DOCUMENTS = 30


class DealerPage:
    """What a dealer's own people see of its standing: tier, volume, what comes.

    :param partner: contact of the logged-in person
    :param members: the memberships of that person
    """

    def __init__(self, partner, members):
        self.env = partner.env
        # a participant is a private contact: who owns a shop is known by the membership
        shops = membership.owners(members).employer_id
        companies = partner.commercial_partner_id | shops.commercial_partner_id
        #: Standings (sudo) of the company the person belongs to, or owns.
        self.standings = (
            self.env["b2b2c.ladder.standing"]
            .sudo()
            .search([("partner_id", "in", companies.ids)], order="id")
        )

    def rows(self):
        """Return everything the page shows, a dict of texts per standing."""
        return [self._get_row(standing) for standing in self.standings]

    def _get_row(self, standing):
        head = standing.head_id or standing
        words = ladder_words.explain(standing, fields.Datetime.now())
        return {
            **words,
            "dealer": standing.partner_id.name,
            "supplier": standing.company_id.name,
            "documents": self._get_documents(standing),
            "saved": self._get_saved(standing),
            "since": standing.since
            and self.env._("since %s", self._get_day(standing, standing.since)),
            "chart": standing._get_chart() if head.state_day else "",
            "tiers": [
                {
                    "name": tier.name,
                    "volume": self.env._(
                        "from %s", ladder_words.volume(head.ladder_id, tier.volume_from)
                    ),
                    "is_now": tier == standing.tier_id,
                }
                for tier in head.ladder_id.tier_ids
            ],
            "changes": [
                self._get_change(standing, change)
                for change in self._get_changes(standing)
            ],
        }

    def _get_saved(self, standing):
        """Return what the discount was worth this year in words, empty for nothing."""
        today = get_today_in(standing._get_timezone())
        saved = standing._get_saved(today.replace(month=1, day=1), today)
        currency = standing.company_id.currency_id
        if currency.compare_amounts(saved, 0) <= 0:
            return ""
        return self.env._(
            "You saved %(amount)s by it in %(year)s.",
            amount=formatLang(self.env, saved, currency_obj=currency),
            year=today.year,
        )

    def _get_documents(self, standing):
        """Return the documents the volume of today comes from, the latest first.

        Those of the dealer itself; what others of its group bought is theirs to see.

        :return: list of dict with the keys ``name``, ``day`` and ``volume``, texts
        """
        head = standing.head_id or standing
        today = get_today_in(head._get_timezone())
        first, last = head.ladder_id._to_engine().window.days(today)
        groups = (
            self.env["b2b2c.volume.entry"]
            .sudo()
            ._read_group(
                [
                    ("standing_id", "=", standing.id),
                    ("day", ">=", first),
                    ("day", "<=", last),
                ],
                ["document_model", "document_id", "document_name"],
                ["value:sum", "day:max"],
                having=[("value:sum", "!=", 0)],
                order="day:max desc, document_id desc",
                limit=_DOCUMENTS,
            )
        )
        return [
            {
                "name": name,
                "day": ladder_words.day(self.env, day),
                "volume": ladder_words.volume(head.ladder_id, value),
            }
            for _model, _id, name, value, day in groups
        ]

    def _get_changes(self, standing):
        """Return the latest changes of the tier, newest first."""
        return standing.change_ids.filtered(
            lambda change: change.tier_id and change.tier_id != change.from_tier_id
        )[:_CHANGES]

    def _get_change(self, standing, change):
        reasons = dict(change._fields["reason"]._description_selection(self.env))
        return {
            "day": self._get_day(standing, change.effective_at),
            "tier": change.tier_id.name,
            "before": change.from_tier_id.name,
            "is_up": change.tier_id.volume_from > change.from_tier_id.volume_from,
            "reason": reasons[change.reason],
            "proof": change.window_from
            and ladder_words.proof(
                standing.with_context(lang=self.env.lang),
                change.volume,
                (change.window_from, change.window_to),
            ),
        }

    def _get_day(self, standing, moment):
        """Return the day of a moment (naive UTC) where the dealer is, in words."""
        zone = (standing.head_id or standing)._get_timezone()
        return ladder_words.day(self.env, local_day(aware(moment), zone))
