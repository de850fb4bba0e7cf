"""A control says so when the guard it takes away is no longer where it was."""

import pytest
from controls import replace_methods


class Till:
    """Counts before it sells."""

    def _count(self):
        return 1

    def sell(self):
        return self._count()


def test_a_guard_is_replaced():
    sold_out = type("SoldOut", (Till,), {})
    replace_methods(sold_out, _count=lambda self: 0)
    assert (sold_out().sell(), Till().sell()) == (0, 1)


def test_a_guard_that_was_renamed_is_noticed():
    with pytest.raises(AttributeError, match="_count_pieces"):
        replace_methods(Till, sell=lambda self: 2, _count_pieces=lambda self: 0)
    assert Till().sell() == 1
