"""Marks of our own code while it does something on a dealer's behalf.

What is checked are values, in whatever way they were written: there is no context key,
group or screen that passes.  A mark is a context *variable*, which no client can set.
"""

import contextlib
from contextvars import ContextVar

#: Our own code: assigns price lists, settles prices of confirmed orders.
LADDER = "ladder"
#: Core prices an order anew; its lines are checked when it is done.
REPRICE = "reprice"
#: Core's promotions write their reward lines.
REWARD = "reward"
#: Core passes the costs of a vendor's bill or an expense on to a customer's order.
EXPENSE = "expense"
#: Core writes an invoice or posts it; its amounts are looked at when it is done.
BOOKS = "books"

_marks = ContextVar("b2b2c_price_marks", default=frozenset())


@contextlib.contextmanager
def marked(mark):
    """Do something as our own code, for the block."""
    token = _marks.set(_marks.get() | {mark})
    try:
        yield
    finally:
        _marks.reset(token)


def is_marked(mark):
    """Tell whether our own code is at work."""
    return mark in _marks.get()
