"""Whose hand writes: ours, core's, or a client's.

What is derived from a chosen number of points is written by nobody else.  A mark is a
context *variable*: a client can send any context key, but none of these.
"""

import contextlib
from contextvars import ContextVar

#: Our own code writes cards, programs and lines.
OURS = "ours"
#: Core rebuilds the lines of rewards, confirms, cancels or copies an order: it may
#: write lines of points, which we put right after it; it never writes a card.
CORE = "core"
#: We ask core how the price of a whole order spreads over its taxes.
ASKING = "asking"

_marks = ContextVar("b2b2c_wallet_marks", default=frozenset())


@contextlib.contextmanager
def marked(mark):
    """Do something under a mark, for the block."""
    token = _marks.set(_marks.get() | {mark})
    try:
        yield
    finally:
        _marks.reset(token)


def is_marked(*marks):
    """Tell whether one of these marks is set."""
    return not _marks.get().isdisjoint(marks)
