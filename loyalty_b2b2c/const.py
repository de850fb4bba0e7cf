"""Words shared by several models (see GLOSSARY.md)."""

#: Moments of a document that can trigger a rule (mirrors ``engine.TRIGGERS``).
TRIGGERS = [
    ("confirmed", "Order confirmed"),
    ("delivered", "Goods delivered"),
    ("invoiced", "Invoice posted"),
    ("paid", "Invoice paid"),
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
