"""Orders at a tier whose volume was undone soon after: found, reported, withdrawn.

Looked at when a dealer's volume becomes less, and as long as something is reported
when it changes.  What a dealer deserved without that volume: :mod:`engine.undone`.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ...engine import local_day, to_decimal
from ...engine.undone import Learned, get_lasting, get_lasting_state
from ...values import aware
from .marks import LADDER, marked
from .prices import is_same, plain

KIND = "undone"
_ONE_DAY = timedelta(days=1)


def look_at_undone(standings, lowered):
    """Report, or withdraw, orders of dealers whose volume changed.

    :param standings: ``b2b2c.ladder.standing`` whose volume changed, superuser
    :param lowered: those of them whose volume became less for some document
    """
    for head in standings._get_heads().filtered("active"):
        if head.ladder_id.suspicion_days:
            UndoneVolume(head).look(bool(head._get_group() & lowered))


class UndoneVolume:
    """What was undone of the volume of dealers that count together.

    :param head: ``b2b2c.ladder.standing`` that decides for them, superuser
    """

    def __init__(self, head):
        self.env, self.head, self.ladder = head.env, head, head.ladder_id
        self.group = head._get_group()
        self.zone = head._get_timezone()
        self.engine = self.ladder._to_engine()
        self.deviations = self.env["b2b2c.price.deviation"]
        self.sales = None  # what knows the documents that are looked at
        self.entries = None  # read when there is one

    def look(self, is_lowered):
        """Report orders at a tier that was not deserved, withdraw those that were.

        :param bool is_lowered: some volume became less; else only what is reported
            already can change
        """
        reported = self.deviations.search(
            [
                ("kind", "=", KIND),
                ("state", "=", "review"),
                ("standing_id", "in", self.group.ids),
            ]
        )
        since = fields.Datetime.now() - timedelta(days=self.ladder.suspicion_days)
        companies = self.ladder._get_counted_companies()
        keys = set()
        for sales in self.head._get_tier_sales():
            self.sales, model = sales, sales.model
            rows = reported.filtered(lambda row, m=model: row.document_model == m)
            documents = self.env[model].browse(set(rows.mapped("document_id")))
            if is_lowered:
                documents |= sales.find(self.group, companies, since)
            found = self._look_at(documents) if documents else ()
            keys |= {self.deviations._get_key(KIND, model, key) for key in found}
        with marked(LADDER):
            reported.filtered(lambda row: row.source_key not in keys).write(
                {"state": "withdrawn"}
            )

    def _look_at(self, documents):
        """Report documents of one kind; return the keys of the lines."""
        if self.entries is None:
            self._read()
        found = set()
        for document in plain(documents.exists()).sorted("id"):
            is_binding = self.sales.is_binding(document)
            lines = self._get_lines(document) if is_binding else []
            if lines:
                by = self.sales.get_seller(document) or self.env.user
                self.deviations.with_user(by).sudo()._record(
                    document, self._get_standing(document), KIND, lines
                )
            found |= {line["key"] for line in lines}
        return found

    def _read(self):
        """Read when the dealers began to climb this ladder, and all their volume."""
        begun = self.head.change_ids.filtered(
            lambda change: (
                change.ladder_id == self.ladder
                and change.reason in ("enrolled", "version")
            )
        )[:1]
        begun_at = begun.effective_at or self.head.enrolled_at
        self.begin = self._get_day(begun_at)
        rows = self.env.execute_query(
            SQL(
                "SELECT id, document_model || ',' || document_id, day, value::text,"
                "       recorded_at"
                "  FROM b2b2c_volume_entry"
                " WHERE standing_id = ANY(%s) AND ladder_id = %s ORDER BY id",
                self.group.ids,
                self.ladder.id,
            )
        )
        self.entries = [
            Learned(
                number,
                document,
                day,
                to_decimal(value),
                learned_at,
                # what a dealer begins with is known before the first look
                self._get_day(learned_at)
                if learned_at > begun_at
                else self.begin - _ONE_DAY,
            )
            for number, document, day, value, learned_at in rows
        ]

    def _get_day(self, at):
        return local_day(aware(at), self.zone)

    def _get_standing(self, order):
        """Return which of the dealers an order is of."""
        company = order.partner_id.commercial_partner_id
        named = self.group.filtered(lambda dealer: dealer.partner_id == company)
        return (self.sales.get_standing(order) or named)[:1] or self.head

    # === ONE ORDER === #

    def _get_lines(self, order):
        """Return the lines of an order that cost less than the dealer deserved, as
        ``b2b2c.price.deviation`` records them."""
        lasting = get_lasting(
            self.entries, self._get_seen(order), self.ladder.suspicion_days
        )
        if not lasting.undone:
            return []
        deserved = self._get_deserved(order, lasting.entries)
        lowered, bonus = self._get_price_tier(order), self._get_bonus_tier(order)
        is_priced = self._is_higher(lowered, deserved)
        is_paid_back = self._is_higher(bonus, deserved)
        if not (is_priced or is_paid_back):
            return []
        lines = []
        for line, is_approved in self.sales.get_lines(order, deserved.pricelist_id):
            actual, expected = line["actual"], line["expected"]
            if not is_priced or is_approved:
                expected = actual
            if is_paid_back:
                actual *= 1 - bonus.bonus / 100
                expected *= 1 - deserved.bonus / 100
            if expected > actual and not is_same(actual, expected):
                lines.append({**line, "expected": expected, "actual": actual})
        return lines

    def _get_seen(self, order):
        """Return the number of the last entry that the tier of an order followed from.

        The order keeps it; a bonus is of the tier that was in force before.
        """
        if seen := self.sales.get_seen(order):
            return seen
        at = self.sales.get_at(order)
        known = (e.number for e in self.entries if e.learned_at < at)
        return max(known, default=0)

    def _get_deserved(self, order, entries):
        """Return the tier that a dealer had deserved when an order was confirmed.

        :param entries: of the volume that counts
        """
        day = self._get_day(self.sales.get_at(order))
        state = get_lasting_state(self.engine, entries, self.begin, day)
        tier = self.ladder.tier_ids.browse(state.tier_id)
        contracted = self.head._get_contract(day).tier_id
        return contracted if self._is_higher(contracted, tier) else tier

    def _get_price_tier(self, order):
        """Return the tier whose prices an order has, possibly empty."""
        if self.ladder.benefit == "bonus":
            return self.ladder.tier_ids.browse()
        seen = self._get_seen(order)
        known = [entry for entry in self.entries if entry.number <= seen]
        deserved = self._get_deserved(order, known)
        return self.sales.get_price_tier(order, self.ladder.tier_ids, deserved)

    def _get_bonus_tier(self, order):
        """Return the tier whose bonus an order gets, possibly empty."""
        tiers = self.ladder.tier_ids.browse()
        if self.ladder.benefit == "price" or not self._has_bonus_rule():
            return tiers
        at = self.sales.get_at(order)
        changes = self._get_standing(order).change_ids
        change = changes.filtered(lambda change: change.effective_at < at)[:1]
        return change.tier_id if change.ladder_id == self.ladder else tiers

    def _has_bonus_rule(self):
        """Tell whether a program gives the bonus of tiers."""
        rules = self.env["b2b2c.earning.rule"]
        return bool(
            rules.search_count(
                [
                    ("kind", "=", "tier"),
                    ("program_id.company_id", "=", self.ladder.company_id.id),
                    ("program_id.state", "!=", "draft"),
                ],
                limit=1,
            )
        )

    def _is_higher(self, tier, other):
        return bool(tier) and self.engine.rank(tier.id) > self.engine.rank(other.id)
