"""Which rules would pay one participant twice for the same goods.

Asked before a program starts: no document is looked at, only what rules say.  A pair is
named unless something that no document can change keeps the two apart, so nothing is
paid twice that was not named; what a pair needs to happen may still be rare.

Two rules pay twice

* by one document, when both are for its kind, at a common time, and their programs do
  not choose between them;
* by two documents of the same goods (an order, and the scan of a code on its goods),
  when they are of different programs: within one the goods pay a role once
  (:mod:`.same_goods`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from .conditions import product_problem
from .facts import LineFact, later
from .rules import Program, Rule

#: Kinds of two documents: of the first rule's, of the other's.
KindPair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is known of products and categories.

    :param products: the products that rules name, as lines without measures.
    :param ancestors: category -> itself and those above it.
    """

    products: Sequence[LineFact] = ()
    ancestors: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def get_above(self, category_id: int) -> frozenset[int]:
        """Return a category and those above it."""
        return self.ancestors.get(category_id, frozenset({category_id}))


@dataclass(frozen=True, slots=True)
class DoublePay:
    """Two rules that would pay one participant for the same goods.

    :param program, rule: one of them.
    :param other_program, other_rule: the other one.
    :param roles: of the participants, in alphabetical order.
    :param kinds: of single documents that both pay for.
    :param pairs: kinds of documents of the same goods, one paid by each rule.
    :param product_ids: the products that both are for, if one of them names products.
    """

    program: Program
    rule: Rule
    other_program: Program
    other_rule: Rule
    roles: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    pairs: tuple[KindPair, ...] = ()
    product_ids: tuple[int, ...] | None = None


class _Side(NamedTuple):
    """A rule with its program and the time in which it awards new documents."""

    program: Program
    rule: Rule
    start: datetime | None
    end: datetime | None


def find_double_pay(
    programs: Iterable[Program],
    others: Iterable[Program],
    same_goods: Collection[KindPair],
    catalogue: Catalogue,
) -> list[DoublePay]:
    """Return the pairs of rules that would pay one participant for the same goods.

    :param programs: whose rules are looked at, with each other and with those of
        ``others``; drafts among all of them count as if they were running.
    :param others: further programs of the same company; those in ``programs`` as well
        are left out.
    :param same_goods: pairs of kinds whose documents can show the same goods, each in
        both orders.
    :param catalogue: knows each product that a rule names, and each category.
    """
    programs = list(programs)
    ids = {program.id for program in programs}
    own = [side for program in programs for side in _sides(program)]
    further = [
        side for program in others if program.id not in ids for side in _sides(program)
    ]
    found = []
    for number, side in enumerate(own):
        for other in own[number + 1 :] + further:
            double_pay = _compare(side, other, same_goods, catalogue)
            if double_pay:
                found.append(double_pay)
    return found


def _sides(program: Program) -> list[_Side]:
    """Return the rules of a program that can award something at some time."""
    program_end = _earlier(
        program.date_to, program.closed_at if program.state == "closed" else None
    )
    sides = []
    for rule in program.rules:
        start = later(program.date_from, rule.valid_from)
        end = _earlier(program_end, rule.valid_until)
        if (start is None or end is None or start < end) and _kinds(rule):
            sides.append(_Side(program, rule, start, end))
    return sides


def _kinds(rule: Rule) -> frozenset[str]:
    """Return the kinds of documents for which a rule can give something."""
    kinds = rule.document_kinds
    if rule.event_codes:
        kinds &= {"event"}
    if rule.is_for_referrers:
        kinds -= {"event"}
    return kinds


def _compare(
    one: _Side,
    other: _Side,
    same_goods: Collection[KindPair],
    catalogue: Catalogue,
) -> DoublePay | None:
    """Return how two rules would pay twice, ``None`` if they cannot."""
    roles = _roles(one.rule) & _roles(other.rule)
    if not roles or not _share_products(one.rule, other.rule, catalogue):
        return None
    kinds = _common_kinds(one, other)
    pairs = _kind_pairs(one, other, same_goods)
    if not kinds and not pairs:
        return None
    return DoublePay(
        one.program,
        one.rule,
        other.program,
        other.rule,
        roles=tuple(sorted(roles)),
        kinds=tuple(sorted(kinds)),
        pairs=tuple(sorted(pairs)),
        product_ids=_named_products(one.rule, other.rule, catalogue),
    )


def _roles(rule: Rule) -> set[str]:
    return {part.role for part in rule.parts}


# By one document


def _common_kinds(one: _Side, other: _Side) -> frozenset[str]:
    """Return the kinds of documents that both rules pay for by themselves."""
    if not _overlap(one, other) or _is_chosen_between(one, other):
        return frozenset()
    if _are_amounts_apart(one, other):
        return frozenset()
    kinds = _kinds(one.rule) & _kinds(other.rule)
    codes = one.rule.event_codes, other.rule.event_codes
    if all(codes) and codes[0].isdisjoint(codes[1]):
        kinds -= {"event"}
    return kinds


def _overlap(one: _Side, other: _Side) -> bool:
    """Tell whether a document can be dated in the time of both."""
    start, end = later(one.start, other.start), _earlier(one.end, other.end)
    return start is None or end is None or start < end


def _is_chosen_between(one: _Side, other: _Side) -> bool:
    """Tell whether only one of two rules pays for a line, or for a document.

    A line and the document it is in are not compared with each other.
    """
    if one.rule.scope != other.rule.scope:
        return False
    if one.program.id == other.program.id:
        return one.program.combine != "all"
    return {one.program.stacking, other.program.stacking} == {"exclusive"}


def _are_amounts_apart(one: _Side, other: _Side) -> bool:
    """Tell whether a document is always too small for one rule or too large for the
    other: both look at the same amount of the same lines."""
    rule, its = one.rule, other.rule
    if rule.has_product_domain or its.has_product_domain:
        return False
    if _measured(one) != _measured(other):
        return False
    return _is_below(rule, its) or _is_below(its, rule)


def _measured(side: _Side) -> tuple:
    """Return which amount of a document the limits of a rule are compared with."""
    rule = side.rule
    return (
        rule.trigger,
        rule.amount_basis,
        rule.product_ids,
        rule.template_ids,
        rule.category_ids,
        rule.tag_ids,
        rule.without_product,
        side.program.counts_typed_lines,
    )


def _is_below(rule: Rule, other: Rule) -> bool:
    """Tell whether a rule is for amounts below those of another one."""
    limits = rule.amount_max, other.amount_min
    return None not in limits and limits[0] <= limits[1]


# By two documents of the same goods


def _kind_pairs(
    one: _Side, other: _Side, same_goods: Collection[KindPair]
) -> frozenset[KindPair]:
    """Return kinds of documents of the same goods of which each rule pays for one."""
    if one.program.id == other.program.id:
        return frozenset()
    return frozenset(
        (kind, its)
        for kind in _kinds(one.rule)
        for its in _kinds(other.rule)
        if (kind, its) in same_goods
    )


# Products


def _share_products(rule: Rule, other: Rule, catalogue: Catalogue) -> bool:
    """Tell whether a product can be in both rules."""
    named = _named_products(rule, other, catalogue)
    if named is not None:
        return bool(named)
    if not rule.category_ids or not other.category_ids:
        return True
    return any(
        category in catalogue.get_above(its) or its in catalogue.get_above(category)
        for category in rule.category_ids
        for its in other.category_ids
    )


def _named_products(
    rule: Rule, other: Rule, catalogue: Catalogue
) -> tuple[int, ...] | None:
    """Return the products of both rules when one names its products, else ``None``."""
    if not any(one.product_ids or one.template_ids for one in (rule, other)):
        return None
    return tuple(
        product.product_id
        for product in catalogue.products
        if not product_problem(rule, product) and not product_problem(other, product)
    )


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)
