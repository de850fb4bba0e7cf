"""The plain-Python engine: facts and rules in, awards with reasons out.

The flow, one direction::

    DocumentFact + Programs --evaluate()--> Decision(awards, refusals)
    award + what is booked  --plan()------> Moves, the entries to write
    posted points           --expires_at()> the end of their lot
    spending or clawback    --allocate()--> lots to take from; restore() undoes it

No Odoo, no database, no clock: whatever changes the answer is an argument.
"""

from .awards import Award, Decision, Reason, Refusal, award_key
from .basis import Basis
from .evaluate import evaluate
from .explain import EXPLANATION_CODES, REASON_CODES, REFUSAL_CODES, ReasonCode
from .facts import NOTHING, TRIGGERS, DocumentFact, LineFact, Measure, MemberFact
from .ladder import (
    Forecast,
    Ladder,
    Tier,
    Volumes,
    Window,
    advance,
    forecast,
    next_look,
    replay,
    series,
    start,
)
from .ladder import State as LadderState
from .lots import Lot, allocate, due, restore
from .milestones import Milestone, Sale, Tally
from .numbers import (
    InvalidNumber,
    Rounding,
    as_text,
    six_decimals,
    split,
    to_decimal,
    to_fraction,
)
from .periods import add_months, day_start, expires_at, local_day, period_of
from .reconcile import Booked, Move, plan
from .rules import DEEPEST, Caps, Expiry, Hold, Program, Rule, Share, Step
from .same_goods import Counted
from .typed_number import AmbiguousNumber, read_number

__all__ = [
    "EXPLANATION_CODES",
    "NOTHING",
    "REASON_CODES",
    "REFUSAL_CODES",
    "TRIGGERS",
    "AmbiguousNumber",
    "Award",
    "Basis",
    "Booked",
    "Caps",
    "Counted",
    "Decision",
    "DocumentFact",
    "Expiry",
    "Forecast",
    "Hold",
    "InvalidNumber",
    "Ladder",
    "LadderState",
    "LineFact",
    "Lot",
    "Measure",
    "MemberFact",
    "Milestone",
    "Move",
    "Program",
    "Reason",
    "ReasonCode",
    "Refusal",
    "Rounding",
    "Rule",
    "Sale",
    "Share",
    "Step",
    "Tally",
    "Tier",
    "Volumes",
    "Window",
    "add_months",
    "advance",
    "allocate",
    "as_text",
    "award_key",
    "day_start",
    "due",
    "evaluate",
    "expires_at",
    "forecast",
    "local_day",
    "next_look",
    "period_of",
    "plan",
    "read_number",
    "replay",
    "restore",
    "series",
    "six_decimals",
    "split",
    "start",
    "to_decimal",
    "to_fraction",
]
