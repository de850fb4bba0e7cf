"""The lines of a receipt out of what engines read, and which quantities to believe.

A quantity earns points, so it has to be proven: quantity times price is the amount, in
one engine at least, and in no other engine with another result.
"""

from dataclasses import replace


def merge(by_engine, total):
    """Return ``(lines, doubts)``.

    :param by_engine: engine -> :class:`.fields.Fields`
    :param total: of the receipt, ``None`` when unknown
    :return: the lines whose figures agree best, with the most readable names, those
        with a doubtful quantity ``odd``; codes of :data:`.understand.DOUBTS`
    """
    readings = sorted(
        (reading for reading in by_engine.values() if reading.lines),
        key=lambda reading: (
            reading.lines_make(total),
            sum(_proven(reading.lines)),
        ),
        reverse=True,
    )
    if not readings:
        return (), ("no_lines",) if by_engine else ()
    best, others = readings[0].lines, [reading.lines for reading in readings[1:]]
    read = [line for lines in (best, *others) for line in lines]
    prints_all = any(line.price is not None for line in read)
    merged, doubts = [], []
    if total is not None and not readings[0].lines_make(total):
        doubts.append("lines_differ")
    for place, line in enumerate(best):
        own = [_own(best, place, lines) for lines in others]
        same = [
            [one] if one else [other for other in lines if other.amount == line.amount]
            for one, lines in zip(own, others, strict=True)
        ]
        quantity, doubt = _quantity(line, same, prints_all)
        line = replace(_named(line, own), quantity=quantity, odd=bool(doubt))
        merged.append(line)
        doubts += [doubt] if doubt else []
    return tuple(merged), tuple(dict.fromkeys(doubts))


def _proven(lines):
    return [line.proven for line in lines]


def _own(best, place, lines):
    """Return the line of another engine that one is, ``None`` where that is unclear.

    Of several products that cost the same, the second one there is the second here.
    """
    amount = best[place].amount
    found = [line for line in lines if line.amount == amount]
    if len(found) != sum(line.amount == amount for line in best):
        return None
    return found[sum(line.amount == amount for line in best[:place])]


def _quantity(line, same, prints_all):
    """Return ``(quantity, doubt or None)`` of a line.

    :param same: per other engine, its lines of the same amount
    :param prints_all: whether quantities stand on this receipt
    """
    said = [{other.quantity for other in lines if other.proven} for lines in same]
    said = [quantities for quantities in said if quantities]
    if line.proven:
        agreed = all(line.quantity in quantities for quantities in said)
        return line.quantity, None if agreed else "quantity_differs"
    proven = set().union(*said)
    if len(proven) == 1:
        return proven.pop(), None
    if proven or line.price is not None:
        return line.quantity, "quantity_differs"
    counts = {other.quantity for lines in same for other in lines if other.counted}
    if line.counted or counts:
        # two engines have to read a quantity that no price proves
        doubt = "quantity_differs" if counts - {line.quantity} else "quantity_alone"
        return line.quantity, None if counts == {line.quantity} else doubt
    if _is_loose([line, *(other for lines in same for other in lines)]):
        return line.quantity, "quantity_alone"
    plain = not line.odd and all(
        other.price is None and not other.odd for lines in same for other in lines
    )
    # one engine that lost the quantity is no proof that there is none
    if plain and (any(same) or not prints_all):
        return line.quantity, None
    return line.quantity, "quantity_alone"


def _is_loose(readings):
    """Tell whether a figure beside a name may be its quantity.

    An engine that knows few of the letters of a name leaves figures of it alone.
    """
    most = max(_readable(line.name) for line in readings)
    return any(line.loose and 2 * _readable(line.name) >= most for line in readings)


def _named(line, own):
    """Return a line with the name another engine read, when that has more letters."""
    names = [other.name for other in own if other]
    return replace(line, name=max([line.name, *names], key=_readable))


def _readable(name):
    return sum(ch.isalpha() for ch in name)
