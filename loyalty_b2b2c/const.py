"""Words shared by several models (see GLOSSARY.md)."""

from . import engine

# What a moment is called as the trigger of a rule, and as the status of a reported
# document.  The engine says which moments there are, and in which order.
_MOMENTS = {
    "confirmed": ("Order confirmed", "Confirmed"),
    "delivered": ("Goods delivered", "Delivered"),
    "invoiced": ("Invoice posted", "Invoiced"),
    "paid": ("Invoice paid", "Paid"),
}

#: Moments of a document that can trigger a rule.
TRIGGERS = [(moment, _MOMENTS[moment][0]) for moment in engine.TRIGGERS]

#: How far a reported document can have come.
STATUSES = [(moment, _MOMENTS[moment][1]) for moment in engine.TRIGGERS]

#: What can be reported.
REPORTED_TYPES = [
    ("sale", "Sale"),
    ("shipment", "Shipment"),
    ("event", "Event"),
]

#: Kinds of ledger entries.
ENTRY_TYPES = [
    ("earn", "Earned"),
    ("confirm", "Confirmed"),
    ("void", "Cancelled while pending"),
    ("hold", "Reserved"),
    ("release", "Reservation released"),
    ("redeem", "Spent"),
    ("expire", "Expired"),
    ("adjust", "Adjusted"),
    ("transfer", "Transferred"),
    ("reverse", "Reversed"),
    ("repay", "Debt repaid"),
]

#: The five effects an entry can have; a balance is the sum of its column.
EFFECTS = ("points", "points_pending", "points_held", "points_debt", "points_lost")

#: Points are plain ``numeric`` in PostgreSQL: exact, any number of decimals.
POINTS = {"digits": False, "min_display_digits": 0}

#: Who reads limits and checks: whoever knows a limit stays just below it.
STAFF = "base.group_system,loyalty_b2b2c.group_user"

#: Who reads what a contact's or an order's dealer, points and exceptions are.
SELLERS_AND_STAFF = "sales_team.group_sale_salesman,loyalty_b2b2c.group_user"

#: Who reads what points cost the company, and what it owes.
ACCOUNTANTS = "loyalty_b2b2c.group_officer,loyalty_b2b2c.group_auditor"

# what a booking changes of its account
CHANGING = (
    "balance_available",
    "balance_posted",
    "balance_pending",
    "balance_held",
    "balance_debt",
    "folded_posted",
    "folded_pending",
    "folded_held",
    "folded_debt",
    "folded_lost",
    "version",
    "entry_ids",
    "lot_ids",
)
