"""Does a program, a rule, a product or a quantity qualify?

Each function answers with the :class:`~.awards.Reason` why not, or ``None``.
"""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from .awards import Reason
from .facts import DocumentFact, LineFact, Measure
from .numbers import as_text
from .periods import as_iso
from .rules import Program, Rule


def program_problem(program: Program, document: DocumentFact) -> Reason | None:
    """Tell why ``program`` gives nothing for new business like ``document``."""
    at = document.occurred_at
    if program.state == "draft":
        return Reason("program_draft")
    if not _in_window(at, program.date_from, program.date_to):
        return Reason(
            "program_not_valid",
            {
                "date_from": as_iso(program.date_from),
                "date_to": as_iso(program.date_to),
            },
        )
    if program.state == "closed" and not _in_window(at, None, program.closed_at, False):
        return Reason("program_closed", {"closed_at": as_iso(program.closed_at)})
    if program.id in document.barred:
        return Reason("place_not_agreed")
    return None


def rule_problem(rule: Rule, document: DocumentFact) -> Reason | None:
    """Tell why ``rule`` does not apply to ``document`` as a whole."""
    if not _in_window(document.occurred_at, rule.valid_from, rule.valid_until):
        return Reason(
            "rule_not_valid",
            {
                "valid_from": as_iso(rule.valid_from),
                "valid_until": as_iso(rule.valid_until),
            },
        )
    if document.kind not in rule.document_kinds:
        return Reason("document_kind_not_matching", {"kind": document.kind})
    if rule.event_codes and (
        document.kind != "event" or document.event_code not in rule.event_codes
    ):
        return Reason("event_not_matching", {"event_code": document.event_code})
    if rule.has_partner_domain and rule.id not in document.partner_rule_ids:
        return Reason("partner_not_matching")
    if rule.kind == "tier" and not document.tier_percent:
        return Reason("no_tier")
    if rule.is_for_referrers and not _is_sale(rule, document):
        return Reason("no_sale")
    return None


def _is_sale(rule: Rule, document: DocumentFact) -> bool:
    """Tell whether somebody pays for what a document is about.

    Who recommends is paid for sales, never because somebody joined: an event earns
    recommenders nothing, nor does what costs nothing.
    """
    return document.kind != "event" and any(
        measure.amount(rule.amount_basis)
        for line in document.lines
        for measure in line.measures.values()
    )


#: What does not match, condition by condition: most lines do not meet most rules.
_NOT_MATCHING = {
    condition: Reason("product_not_matching", {"condition": condition})
    for condition in ("product", "category", "tag", "domain")
}
_NO_PRODUCT = Reason("no_product")


def line_problem(
    program: Program, rule: Rule, document: DocumentFact, line: LineFact
) -> Reason | None:
    """Tell why ``line`` does not count for ``rule``.

    A rule for every product is not for a proof that does not say which one was sold,
    unless it says so: anybody can show a receipt of something else.  An order, a sale
    that a till reported or an event without a product is no such proof.
    """
    if line.is_typed and not program.counts_typed_lines:
        return Reason("typed_beside_order")
    if line.is_fee and not _names_product(rule):
        return Reason("fee")
    if not line.product_id and document.is_proof and not rule.without_product:
        return _NO_PRODUCT
    return product_problem(rule, line)


def _names_product(rule: Rule) -> bool:
    """Tell whether a rule says for which products it is."""
    return bool(
        rule.product_ids or rule.template_ids or rule.category_ids or rule.tag_ids
    )


def product_problem(rule: Rule, line: LineFact) -> Reason | None:
    """Tell which condition of ``rule`` the product of ``line`` does not meet."""
    return _NOT_MATCHING.get(_unmet(rule, line))  # stops at the first one


def _unmet(rule: Rule, line: LineFact) -> str:
    """Name the first condition on products that ``line`` does not meet, or ``""``."""
    if (
        (rule.product_ids or rule.template_ids)
        and line.product_id not in rule.product_ids
        and line.template_id not in rule.template_ids
    ):
        return "product"
    if rule.category_ids and rule.category_ids.isdisjoint(line.category_ids):
        return "category"
    if rule.tag_ids and rule.tag_ids.isdisjoint(line.tag_ids):
        return "tag"
    if rule.has_product_domain and rule.id not in line.domain_rule_ids:
        return "domain"
    return ""


def measure_problem(
    rule: Rule, measure: Measure, document_amount: Fraction
) -> Reason | None:
    """Tell why what was reached is not enough (or too much).

    :param measure: of the source (a line, or the sum of the matching lines).
    :param document_amount: of all matching lines, in the rule's amount basis; only
        asked of a rule that has a limit for it.
    """
    if not measure.quantity:
        return Reason("not_yet", {"trigger": rule.trigger})
    if rule.quantity_min is not None and measure.quantity < rule.quantity_min:
        return Reason(
            "quantity_too_low",
            {
                "quantity": as_text(measure.quantity),
                "limit": as_text(rule.quantity_min),
            },
        )
    if rule.amount_min is not None and document_amount < rule.amount_min:
        return _amount_reason("amount_too_low", rule, document_amount, rule.amount_min)
    if rule.amount_max is not None and document_amount >= rule.amount_max:
        return _amount_reason("amount_too_high", rule, document_amount, rule.amount_max)
    return None


def _amount_reason(code: str, rule: Rule, amount: Fraction, limit: Decimal) -> Reason:
    params = {"amount": as_text(amount), "limit": as_text(limit)}
    return Reason(code, params | {"basis": rule.amount_basis})


def _in_window(
    at: datetime,
    start: datetime | None,
    end: datetime | None,
    is_open: bool = True,
) -> bool:
    """Tell whether ``at`` is in [start, end); without end: ``is_open``."""
    if start is not None and at < start:
        return False
    return is_open if end is None else at < end
