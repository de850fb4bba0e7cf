from dataclasses import dataclass
from itertools import islice

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...values import shown
from ..base.days import get_today

#: Days for which a reward is marked as new, unless its form says otherwise.
NEW_DAYS = 30
#: So many pieces, or fewer, are few.
FEW_PIECES = 5
#: Words of a search that are looked at.
_MOST_WORDS = 6
#: Sorting of the catalogue -> columns; what is sold out comes last in each.
_ORDERS = {
    "recommended": "r.sequence, r.points, r.id",
    "price": "r.points, r.sequence, r.id",
    "new": "coalesce(r.date_from, r.create_date) DESC, r.id DESC",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What somebody wants to see of the catalogue.

    :param str text: words that names have to contain, in any order
    :param int category: id of a ``b2b2c.reward.category``
    :param favourites: ids of the rewards to choose among, ``None`` for all
    :param bool is_now: only what can be had at once
    :param str order: a key of ``_ORDERS``
    """

    text: str = ""
    category: int | None = None
    favourites: frozenset[int] | None = None
    is_now: bool = False
    order: str = "recommended"


class B2b2cReward(models.Model):
    """The rewards as a storefront shows them: shelves, what is new, what is found.

    However many rewards there are, a page costs the same few statements.
    """

    _inherit = "b2b2c.reward"

    new_until = fields.Date(
        compute="_compute_new_until",
        store=True,
        readonly=False,
        help="Marked as new until this day. Empty: not marked.",
    )
    favourite_count = fields.Integer(
        compute="_compute_favourite_count",
        string="Favourite Of",
        help="How many people want to find it again.",
    )

    @api.depends("date_from")
    def _compute_new_until(self):
        """New for some days from the day it is offered."""
        for reward in self:
            begins = reward.date_from or reward.create_date or fields.Datetime.now()
            reward.new_until = fields.Date.add(begins.date(), days=NEW_DAYS)

    def _compute_favourite_count(self):
        groups = (
            self.env["b2b2c.reward.favourite"]
            .sudo()
            ._read_group([("reward_id", "in", self.ids)], ["reward_id"], ["__count"])
        )
        counts = {reward.id: count for reward, count in groups}
        for reward in self:
            reward.favourite_count = counts.get(reward.id, 0)

    # === WHAT IS SAID ABOUT ONE === #

    def _is_new(self):
        """Tell whether a reward is marked as new today."""
        self.ensure_one()
        return bool(self.new_until) and get_today(self.company_id) <= self.new_until

    def _count_left(self):
        """Return how many pieces there still are, ``None`` when they are not counted.

        Both the reward and its kind may count.
        """
        self.ensure_one()
        counts = [self._get_handler()._count_left(self)]
        if self.is_limited:
            counts.append(self.stock_left)
        return min((count for count in counts if count is not None), default=None)

    def _has_few(self):
        """Tell whether hardly any pieces are left, but some."""
        self.ensure_one()
        return 0 < (self._count_left() or 0) <= FEW_PIECES

    # === WHAT IS FOUND === #

    @api.model
    def _get_catalogue(self, known, shelf, offset=0, limit=24):
        """Return a page of what participants see.

        :param known: their :class:`~.circumstances.Circumstances`
        :param shelf: the :class:`Shelf` that is looked at
        :return: ``(offers, whether there is more)``; offers are tuples, see
            :meth:`_get_offers`
        """
        domain = self._get_shelf_domain(known, shelf)
        if shelf.is_now:
            offers = self._search_sorted(domain, shelf.order)._get_offers(known)
            offers = (row for row in offers if row and not row[0].refusal)
            page = [*islice(offers, offset, offset + limit + 1)]
        else:
            rewards = self._search_sorted(domain, shelf.order, offset, limit + 1)
            page = [row for row in rewards._get_offers(known) if row]
        return page[:limit], len(page) > limit

    @api.model
    def _get_shown_values(self, known, name):
        """Return what the rewards that participants see have in a field, in its order.

        :param known: their :class:`~.circumstances.Circumstances`
        :param str name: a Many2one field, as the category
        """
        groups = self.sudo()._read_group(self._get_shown(known), [name])
        records = self.env[self._fields[name].comodel_name].sudo()
        return records.union(*(record for [record] in groups)).sorted()

    @api.model
    def _get_shown(self, known):
        """Return the domain of the rewards that one of the participants sees."""
        return Domain.OR(self._get_seen(member, known) for member in known.members)

    def _get_shelf_domain(self, known, shelf):
        """Return the domain of what lies on a :class:`Shelf` for participants."""
        domain = self._get_shown(known)
        for word in shelf.text.split()[:_MOST_WORDS]:
            domain &= Domain("name", "ilike", word) | Domain(
                "category_id.name", "ilike", word
            )
        if shelf.category:
            domain &= Domain("category_id", "=", shelf.category)
        if shelf.favourites is not None:
            domain &= Domain("id", "in", [*shelf.favourites])
        if shelf.is_now:
            # most of what cannot be had is not even read
            domain &= Domain.OR(
                Domain("company_id", "=", member.company_id.id)
                & self._get_affordable(member, known)
                for member in known.members
            )
        return domain

    def _get_affordable(self, member, known):
        """Return the domain of what a participant has the points for."""
        return Domain("price_kind", "=", "free") | Domain.OR(
            Domain("unit_id", "=", unit.id)
            & Domain("points", "<=", shown(known.get_balance(member, unit)))
            for unit in member._get_survivor().account_ids.unit_id
        )

    def _search_sorted(self, domain, order, offset=0, limit=None):
        """Return the rewards of a domain in an order of ``_ORDERS``."""
        rewards = self.sudo()
        rewards.flush_model()
        query = rewards._search(domain)
        rows = self.env.execute_query(
            SQL(
                f"""
                SELECT r.id FROM b2b2c_reward r WHERE r.id IN %s
              ORDER BY (coalesce(r.is_limited, FALSE)
                        AND r.stock_taken >= coalesce(r.stock, 0)), {_ORDERS[order]}
                LIMIT %s OFFSET %s
                """,
                query.subselect(),
                limit,
                offset,
            )
        )
        return rewards.browse(row[0] for row in rows)
