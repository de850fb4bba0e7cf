"""The same goods pay once: which parts of a document others are booked for.

The rule.  For one program, the same goods pay each role once, whatever documents show
them.  Who was booked first has the goods; the others count what is left, and say with
which document the rest was counted.  When the first comes to nothing (cancelled, taken
back), the others are measured again.

* A document that follows a sale (:class:`~.b2b2c_same_goods.B2b2cSameGoods`) counts
  nothing once the sale is booked: what is not paid or delivered yet comes with it.
* A sale counts less by what followed it before: 9 of 10 pieces when one was scanned.
* Documents that follow the same sale share its goods: of 10 pieces 4 were reported, so
  6 can be scanned, product by product.
* What names no product counts by its amount.

Different roles, and different programs, pay each for their own reasons.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction

from odoo.tools import SQL

from ...engine import Counted, DocumentFact
from .facts import FactBuilder

#: Kinds of documents of which two can show the same goods.
_REPEATED = {"scan"}
#: A receipt follows a reported sale, which follows an order: no way is longer.
_STEPS = 3


@dataclass(frozen=True, slots=True)
class Booking:
    """What a document of the same goods is booked for, for one program and role.

    :ivar lines: keys of the lines that count
    :ivar first: id of the first entry, which tells who was booked earlier
    """

    lines: frozenset[str]
    first: int


@dataclass(frozen=True, slots=True)
class _Family:
    """The documents that show goods of a document, each as ``(model, id)``.

    :ivar sales: what the document follows, and what that follows
    :ivar followers: what follows the document, and what follows that
    :ivar siblings: sale -> what else follows it; all serial numbers are one sale,
        ``None``
    """

    sales: frozenset
    followers: frozenset
    siblings: dict

    @property
    def all(self):
        return self.sales.union(self.followers, *self.siblings.values())


def may_meet(programs, kind):
    """Tell whether a role that ``kind`` pays can be paid for the same goods again.

    Most programs pay a role for one kind of documents: nothing is looked up for those.

    :param programs: engine programs
    :param str kind: of documents
    """
    for program in programs:
        kinds_by_role = defaultdict(set)
        for rule in program.rules:
            for share in rule.parts:
                kinds_by_role[share.role] |= rule.document_kinds
        for kinds in kinds_by_role.values():
            if kind in kinds and (len(kinds) > 1 or kind in _REPEATED):
                return True
    return False


class SameGoods:
    """Finds what others count of the goods of documents, for programs of one company.

    :param company: whose programs ask, in their environment
    :param programs: engine programs

    :ivar others: id of a document -> set of ``(model, id)`` of what shows its goods
    """

    def __init__(self, company, programs):
        self.env = company.env
        self.company = company
        self.programs = programs
        self.others = {}
        self._goods = self.env["b2b2c.same.goods"]
        self._facts = {}  # (model, id) -> fact of what has a source

    def add_counted(self, documents, facts):
        """Return facts with what other documents of the same goods are booked for.

        :param documents: records of one model; what is only imagined follows nothing
        :param facts: dict document id -> ``engine.DocumentFact``, or an error
        """
        known = {i: fact for i, fact in facts.items() if isinstance(fact, DocumentFact)}
        kinds = {fact.kind for fact in known.values()}
        if not any(may_meet(self.programs, kind) for kind in kinds):
            return facts
        families = self._find_families(documents)
        if not families:
            return facts
        bookings = self._get_bookings(families)
        sales = set().union(*(family.sales for family in families.values()))
        self._read_facts(sales | bookings.keys())
        result = dict(facts)
        for document in documents.filtered(lambda document: document.id in known):
            own = (document._name, document._origin.id)
            if own in families:
                self.others[document.id] = families[own].all
                result[document.id] = self._count(
                    own, known[document.id], families[own], bookings
                )
        return result

    # === WHO SHOWS THE SAME GOODS === #

    def _find_families(self, documents):
        """Return (model, id) -> :class:`_Family` of documents that have others."""
        own = {(documents._name, record_id) for record_id in documents._origin.ids}
        up = self._follow(own, self._goods._find_sales)
        down = self._follow(own.union(*up.values()), self._goods._find_followers)
        families = {}
        for one in own:
            family = self._get_family(one, up, down)
            if family.all:
                families[one] = family
        return families

    def _get_family(self, one, up, down):
        """Return the :class:`_Family` of a document.

        :param up: document -> sales it follows
        :param down: sale -> documents that follow it
        """
        sales, followers = _reach(one, up), _reach(one, down)
        siblings = defaultdict(set)
        sources = self.env["b2b2c.source"]._get_sources()
        for sale in sales:
            known = sale if sale[0] in sources else None
            siblings[known] |= _reach(sale, down) - sales - followers - {one}
        documents = frozenset(sale for sale in sales if sale[0] in sources)
        return _Family(documents, frozenset(followers), dict(siblings))

    def _follow(self, start, find):
        """Return the links that lead away from documents, step by step.

        :param start: set of (model, id)
        :param find: method that returns the links of ids of one model
        """
        links, seen = {}, set()
        new = set(start)
        for _step in range(_STEPS):
            seen |= new
            reached = {}
            for model, ids in by_model(new).items():
                reached.update(find(model, ids))
            links.update(reached)
            new = set().union(*reached.values()) - seen
            if not new:
                break
        return links

    # === WHAT THEY ARE BOOKED FOR === #

    def _get_bookings(self, families):
        """Return (model, id) -> (program id, role) -> :class:`Booking`.

        Only of what is booked now: an award that was taken back counts nothing.
        """
        keys = families.keys() | set().union(*(f.all for f in families.values()))
        condition = SQL(" OR ").join(
            SQL("(document_model = %s AND document_id = ANY(%s))", model, ids)
            for model, ids in by_model(keys).items()
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH entry AS (
                    SELECT document_model AS model, document_id AS id, award_key,
                           program_id, id AS number, basis,
                           sum(points - points_debt - points_lost + points_pending)
                               OVER (PARTITION BY award_key ORDER BY id) AS booked
                      FROM b2b2c_ledger_entry
                     WHERE (%s) AND award_key IS NOT NULL AND program_id = ANY(%s)
                ), award AS (
                    SELECT model, id, award_key, program_id,
                           max((basis ->> 'member')::int) AS member_id,
                           jsonb_agg(basis -> 'lines') AS lines,
                           max(number) AS last,
                           coalesce(max(number) FILTER (WHERE booked <= 0), 0) AS since
                      FROM entry GROUP BY model, id, award_key, program_id
                )
                -- what was taken back and is booked anew is as new as that
                SELECT a.model, a.id, a.program_id, m.role, min(first.number),
                       jsonb_agg(a.lines)
                  FROM award a JOIN b2b2c_member m ON m.id = a.member_id
                  JOIN LATERAL (SELECT min(e.number) AS number FROM entry e
                                 WHERE e.award_key = a.award_key
                                   AND e.number > a.since) first ON TRUE
                 WHERE a.since < a.last
              GROUP BY a.model, a.id, a.program_id, m.role
                """,
                condition,
                [program.id for program in self.programs],
            )
        )
        bookings = defaultdict(dict)
        for model, record_id, program_id, role, first, awards in rows:
            lines = frozenset(key for award in awards for keys in award for key in keys)
            bookings[model, record_id][program_id, role] = Booking(lines, first)
        return bookings

    def _read_facts(self, keys):
        """Read documents as facts; what cannot be measured counts nothing.

        :param keys: set of (model, id)
        """
        for model, ids in by_model(keys - self._facts.keys()).items():
            source = self.env["b2b2c.source"]._for_model(model)
            documents = self.env[model].browse(ids).exists()
            for own in documents.grouped("company_id").values():
                facts = FactBuilder(source, self.company).build(own, {})
                self._facts.update(
                    ((model, record_id), fact)
                    for record_id, fact in facts.items()
                    if isinstance(fact, DocumentFact)
                )

    # === WHAT THEY COUNT OF A DOCUMENT === #

    def _count(self, own, fact, family, bookings):
        """Return a fact whose lines say what others count of them."""
        counted = defaultdict(list)
        pairs = {pair for one in family.all for pair in bookings.get(one, ())}
        for pair in sorted(pairs):
            mine = bookings.get(own, {}).get(pair)
            earlier = {
                one: bookings[one][pair].lines
                for one in sorted(family.all & self._facts.keys())
                if pair in bookings.get(one, ())
                and (mine is None or bookings[one][pair].first < mine.first)
            }
            for line in fact.lines:
                for one, part in self._get_parts(line, fact, family, earlier):
                    if part:
                        name = self.env[one[0]].browse(one[1]).display_name
                        counted[line.key].append(Counted(*pair, part, name))
        lines = [replace(line, counted=tuple(counted[line.key])) for line in fact.lines]
        return replace(fact, lines=tuple(lines))

    def _get_parts(self, line, fact, family, earlier):
        """Return what earlier documents count of a line: list of (document, part).

        :param earlier: document -> keys of its lines that count
        """
        size = _get_size(fact, line.product_id)
        for sale in sorted(family.sales & earlier.keys()):
            whole = _get_size(self._facts[sale], line.product_id)
            if size and whole:
                # the sale has all its goods, also those not delivered or paid yet
                part = whole / size if line.product_id else 1
                return [(sale, min(Fraction(part), Fraction(1)))]
        parts = [
            (one, self._get_part(one, earlier[one], fact, line.product_id, size))
            for one in sorted(family.followers & earlier.keys())
        ]
        shared = [
            self._share(line, size, sale, siblings & earlier.keys(), earlier)
            for sale, siblings in family.siblings.items()
        ]
        # of several sales, the one that leaves least
        return parts + max(shared, key=_sum_parts, default=[])

    def _share(self, line, size, sale, siblings, earlier):
        """Return what siblings count of a line: (document, part), until all is.

        :param size: of the line's product in its document
        :param sale: what both follow, ``None`` for serial numbers
        """
        fact = self._facts.get(sale)
        room = _get_size(fact, line.product_id) if fact else size
        if not (size and room):
            return []
        parts, used = [], Fraction(0)
        for one in sorted(siblings):
            lines = earlier[one]
            used += room * self._get_part(one, lines, fact, line.product_id, room)
            left = min(Fraction(1), max(room - used, Fraction(0)) / size)
            before = sum((part for _one, part in parts), Fraction(0))
            parts.append((one, 1 - left - before))
        return parts

    def _get_part(self, one, lines, fact, product_id, size):
        """Return which part of the goods of a sale a document counts.

        :param lines: keys of the lines of the document that count
        :param fact: of the sale, ``None``: nothing is known of it but ``size``
        :param product_id: which goods; 0: all, by their amount
        :param size: of these goods in the sale
        """
        other = self._facts[one]
        if not size:
            return Fraction(0)
        part = _get_size(other, product_id, lines) / size
        if product_id and fact:
            # what names no product may be any of them
            unnamed = _get_amount(other, lines, unnamed=True)
            amount = _get_amount(fact)
            part += unnamed / amount if amount else Fraction(0)
        return min(part, Fraction(1))


def by_model(keys):
    """Return model -> sorted ids, of ``(model, id)``."""
    ids = defaultdict(list)
    for model, record_id in sorted(keys):
        ids[model].append(record_id)
    return ids


def _reach(start, links):
    """Return everything that links lead to from a document, itself left out."""
    reached, new = set(), {start}
    while new:
        new = set().union(*(links.get(one, ()) for one in new)) - reached - {start}
        reached |= new
    return reached


def _sum_parts(parts):
    return sum(part for _one, part in parts)


def _get_size(fact, product_id, lines=None):
    """Return how much of a product a document has, in its own unit.

    :param product_id: 0: everything, by its amount
    :param lines: keys of the lines that matter, all by default
    """
    if not product_id:
        return _get_amount(fact, lines)
    return sum(
        (
            Fraction(line.measure("confirmed").quantity)
            for line in _pick(fact, lines)
            if line.product_id == product_id
        ),
        Fraction(0),
    )


def _get_amount(fact, lines=None, unnamed=False):
    """Return the amount of a document without tax.

    :param lines: keys of the lines that matter, all by default
    :param bool unnamed: only of lines without a product
    """
    return sum(
        (
            Fraction(line.measure("confirmed").amount_untaxed)
            for line in _pick(fact, lines)
            if not (unnamed and line.product_id)
        ),
        Fraction(0),
    )


def _pick(fact, lines):
    return [line for line in fact.lines if not lines or line.key in lines]
