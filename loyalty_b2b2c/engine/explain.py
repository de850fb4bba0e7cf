"""All reason codes the engine emits, with their meaning and parameters.

The presentation layer words every code in the reader's language.  Parameters are
texts or integers: points, quantities and amounts as plain decimal text, times in
ISO 8601 (UTC); an empty text means "not applicable" or "without limit".
"""

from typing import NamedTuple


class ReasonCode(NamedTuple):
    """What a code means, and the names of its parameters."""

    meaning: str
    params: tuple[str, ...] = ()


#: The path to a figure, in this order (``Award.explanation``).
EXPLANATION_CODES = {
    "basis": ReasonCode(
        "what was measured at the trigger; lines: keys that counted, by spaces",
        ("trigger", "quantity", "amount", "basis", "lines"),
    ),
    "rate": ReasonCode(
        "points per what; start: first figure of the table row that applies",
        ("kind", "value", "start"),
    ),
    "lost": ReasonCode(
        "so much more was reached that will never be proven; kind: of the hold",
        ("kind", "quantity", "amount"),
    ),
    "milestone": ReasonCode(
        "so many sales were reached; kind: only once, or with every number of sales",
        ("kind", "number", "reached"),
    ),
    "rounded": ReasonCode("the figure was rounded", ("before", "after")),
    "rounded_together": ReasonCode(
        "the figures of several lines were rounded as one; part: of this line",
        ("before", "after", "lines", "part"),
    ),
    "level": ReasonCode(
        "who brought the buyer (level 1), or brought that one; percent: of the award",
        ("level", "percent"),
    ),
    "shared": ReasonCode(
        "one beneficiary of several gets this part", ("percent", "whole", "share")
    ),
    "split": ReasonCode(
        "the award is shared between members", ("members", "whole", "share")
    ),
    "partly_counted": ReasonCode(
        "other documents count a part of the same goods; percent: what is left",
        ("percent", "documents"),
    ),
    "capped": ReasonCode(
        "a limit left fewer points than deserved; cap: also budget or pool",
        ("cap", "limit", "left", "wanted"),
    ),
    "ended": ReasonCode(
        "the rule had ended: what was added to the document later gives nothing",
        ("ended_at", "wanted", "left"),
    ),
    "held": ReasonCode(
        "a part is pending: until release_at, or until its proof (kind of the hold)",
        ("kind", "release_at", "expected_at", "pending"),
    ),
}

#: Why there is no award (``Refusal.reason``).
REFUSAL_CODES = {
    "program_draft": ReasonCode("the program has not started"),
    "program_not_valid": ReasonCode(
        "the document is outside the program's dates", ("date_from", "date_to")
    ),
    "program_closed": ReasonCode(
        "the program was closed before the document", ("closed_at",)
    ),
    "place_not_agreed": ReasonCode(
        "it happened at a partner with whom nothing is agreed about the program"
    ),
    "rule_not_valid": ReasonCode(
        "the document is outside the rule's dates", ("valid_from", "valid_until")
    ),
    "added_after_end": ReasonCode(
        "the rule had ended when this was added to the document", ("ended_at",)
    ),
    "document_kind_not_matching": ReasonCode(
        "the rule is for other kinds of documents", ("kind",)
    ),
    "event_not_matching": ReasonCode("the rule is for other events", ("event_code",)),
    "partner_not_matching": ReasonCode("the buyer is not meant by the rule"),
    "no_tier": ReasonCode("the buyer had no dealer tier with a bonus"),
    "no_lines": ReasonCode("the document has no lines"),
    "product_not_matching": ReasonCode(
        "the product is not meant; condition: product, category, tag or domain",
        ("condition",),
    ),
    "typed_beside_order": ReasonCode(
        "typed by hand on an invoice of an order: it is that order's sale"
    ),
    "fee": ReasonCode("a fee counts only for a rule that names its product"),
    "no_product": ReasonCode(
        "a proof that does not say which product it is for, and the rule asks for one"
    ),
    "already_counted": ReasonCode(
        "other documents count the same goods, for the same role", ("documents",)
    ),
    "no_member": ReasonCode("nobody in this role belongs to the document", ("role",)),
    "not_the_contact": ReasonCode(
        "the person named on the document is not a member in this role", ("role",)
    ),
    "not_the_seller": ReasonCode(
        "the salesperson of the document is not a member in this role", ("role",)
    ),
    "not_the_referrer": ReasonCode(
        "who brought the buyer is not a member in this role", ("role",)
    ),
    "too_deep": ReasonCode(
        "the rule is for fewer levels of recommenders", ("level", "levels")
    ),
    "no_sale": ReasonCode("recommenders are paid for sales, and this is none"),
    "pool_exhausted": ReasonCode(
        "recommenders of nearer levels got all that a sale gives them",
        ("limit", "wanted"),
    ),
    "other_party": ReasonCode(
        "the rule is for people of the other party; party: buyer or receiver",
        ("party",),
    ),
    "other_employer": ReasonCode(
        "the member bought for another company than the employer of the membership"
    ),
    "not_enrolled_yet": ReasonCode(
        "the member enrolled after the document", ("enrolled_at",)
    ),
    "other_programs": ReasonCode("the member takes part in other programs only"),
    "left": ReasonCode("the member had left before the document", ("left_at",)),
    "not_yet": ReasonCode("the trigger has not been reached", ("trigger",)),
    "quantity_too_low": ReasonCode(
        "less than the minimum quantity", ("quantity", "limit")
    ),
    "amount_too_low": ReasonCode(
        "the matching lines are below the minimum amount", ("amount", "limit", "basis")
    ),
    "amount_too_high": ReasonCode(
        "the matching lines reach the maximum amount", ("amount", "limit", "basis")
    ),
    "below_table": ReasonCode(
        "below the first row of the table", ("measured", "table_basis")
    ),
    "no_points": ReasonCode(
        "the figure is zero, or rounds to zero", ("quantity", "amount", "basis")
    ),
    "all_lost": ReasonCode(
        "nothing will be proven any more that the rule waits for; kind: of the hold",
        ("kind",),
    ),
    "no_milestone": ReasonCode(
        "not the sale that is awarded; sales: how many there are with this one",
        ("kind", "number", "sales"),
    ),
    "combined_out": ReasonCode(
        "another rule of the program is given instead", ("rule_id", "rule_name")
    ),
    "excluded_by_program": ReasonCode(
        "another exclusive program comes first", ("program_id", "program_name")
    ),
    "cap_reached": ReasonCode(
        "the limit is used up; cap: document, member, day or period",
        ("cap", "limit", "wanted"),
    ),
    "budget_exhausted": ReasonCode(
        "the program's budget is used up", ("limit", "wanted")
    ),
}

REASON_CODES = EXPLANATION_CODES | REFUSAL_CODES
