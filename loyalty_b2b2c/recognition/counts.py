"""Quantities that stand on a receipt without the price of one beside them.

Nothing multiplies to the amount there, so such a quantity is believed only where a
heading or a sign says that it is one, and two engines have to read it.  Any other
figure beside a name is a quantity or a part of the name: nobody knows.
"""

import re
from dataclasses import replace
from decimal import Decimal

# a figure by itself behind the name or before it
_PLACES = {
    "behind": re.compile(r"\s(\d{1,2})(?:[.,]0{1,3})?$"),
    "before": re.compile(r"^\W*(\d{1,2})(?:[.,]0{1,3})?\s+(?=[^\W\d_])"),
}
# ``Hammer x2``, ``2x Hammer``
_SIGNED = re.compile(
    r"(?:^|\s)[x×х]\s?(\d{1,2})$|^\W*(\d{1,2})\s?[x×х]\s+(?=[^\W\d_])", re.IGNORECASE
)
# ``Plugs (2)``, ``Plugs 10 pcs``, ``Plugs 2 FOR``: how many were bought, or how many
# are in a packet
_PACKED = re.compile(
    r"\((\d{1,2})\)$|(?<![\d.,])(\d{1,2})\s?(?:PCS?|PZS?|PZAS?|STK?|SZT|KS|KOM|BUC|DB|TK|KPL"
    r"|ADET|AD|UNID?|UN|UDS?|QTY|EA|FOR|ШТ|[コ個个点件枚개])\.?$",
    re.IGNORECASE,
)


def counted(items, rows):
    """Return items with the quantities that no price proves.

    :param items: list of :class:`.goods.Item`
    :param rows: list of :class:`.rows.Row`
    """
    alone = {
        item.index: _figures(item.line.name)
        for item in items
        if item.line and item.line.price is None and not rows[item.index].role
    }
    headings = [row.heads for row in rows[: min(alone, default=0)] if row.heads]
    column = headings[-1] if headings else None
    if not all(one.get(column) for one in alone.values()):
        column = None
    return [
        replace(item, line=_with_quantity(item.line, alone[item.index], column))
        if item.index in alone
        else item
        for item in items
    ]


def _figures(name):
    """Return ``{where: figure}`` of the figures in a name that may be a quantity."""
    found = {
        place: pattern.search(name)
        for place, pattern in {**_PLACES, "sign": _SIGNED, "packet": _PACKED}.items()
    }
    if found["sign"] and not re.search(r"[^\W\d_]{2}", _SIGNED.sub("", name)):
        found["sign"] = None  # the rest of ``6x40``, whose name was not read
    return {
        place: int(next(filter(None, match.groups())))
        for place, match in found.items()
        if match
    }


def _with_quantity(line, figures, column):
    """Return a line with the quantity beside its name, ``loose``: it may be one."""
    if figures.get("sign") or column:
        pattern = _SIGNED if figures.get("sign") else _PLACES[column]
        quantity = Decimal(figures.get("sign") or figures[column])
        name = pattern.sub("", line.name).strip()
        return replace(line, name=name, quantity=quantity, counted=True)
    return replace(line, loose=max(figures.values(), default=1) > 1)
