from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from odoo import models

from ..ledger.booked import get_booked
from ..people.addresses import get_initials

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase with a recommendation, as its recommender may see it.

    :param initials: of who bought; nobody reads more of a customer
    :param at: when the code was named, naive UTC
    :param state: ``open`` (not sold yet), or of the recommendation: ``active``,
        ``held``, ``refused``, ``ended``
    :param points: what the recommender can spend of it
    :param pending: what is still to come
    """

    initials: str
    at: datetime
    state: str
    points: Decimal
    pending: Decimal


class B2b2cReferralLink(models.Model):
    """What came of a recommendation: seen, used, bought, credited."""

    _inherit = "b2b2c.referral.link"

    def _get_figures(self):
        """Return how often these links were seen and used.

        :return: dict with ``seen`` (phones a day), ``used`` (purchases that named it or
            followed from it) and ``bought`` (those that were sold)
        """
        uses = self.env["b2b2c.referral.use"].sudo()
        mine = [("link_id", "in", self.ids)]
        return {
            "seen": self.env["b2b2c.referral.touch"].sudo().search_count(mine),
            "used": uses.search_count(mine),
            "bought": uses.search_count([*mine, ("referral_id", "!=", False)]),
        }

    def _get_purchases(self, limit=20):
        """Return the last purchases with these links, the newest first.

        :return: list of :class:`Purchase`
        """
        uses = (
            self.env["b2b2c.referral.use"]
            .sudo()
            .search([("link_id", "in", self.ids)], limit=limit)
        )
        booked = {
            model: get_booked(self.env, model, own.mapped("document_id"))
            for model, own in uses.grouped("document_model").items()
        }
        accounts = self.member_id._get_survivor().account_ids
        return [
            self._describe(use, booked[use.document_model], accounts) for use in uses
        ]

    def _describe(self, use, booked, accounts):
        """Return a use as :class:`Purchase`."""
        awards = [
            award
            for award in booked.get(use.document_id, {}).values()
            if award.account_id in accounts.ids
        ]
        return Purchase(
            initials=_shorten(use.partner_id.name),
            at=use.named_at,
            state=use.referral_id.state or "open",
            points=sum((award.posted for award in awards), ZERO),
            pending=sum((award.pending for award in awards), ZERO),
        )

    def _get_tree(self, depth=3):
        """Return whom the recommender brought, and whom those brought.

        :param int depth: so many levels at most
        :return: list, a level each: ``Counter`` of initials -> how many
        """
        referrals = self.env["b2b2c.referral"].sudo()
        levels, people = [], self.member_id.partner_id
        for _level in range(depth):
            brought = referrals.search(
                [
                    ("referrer_id.partner_id", "in", people.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("state", "=", "active"),
                    ("is_single", "=", False),
                ]
            )
            if not brought:
                break
            people = brought.partner_id
            levels.append(Counter(_shorten(name) for name in people.mapped("name")))
        return levels


def _shorten(name):
    """Return the initials of a customer, whose name the contact may have lost."""
    return get_initials(name) or "…"
