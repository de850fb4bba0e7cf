"""Parts of a combination: they cost a part of its price as long as they are of it."""

from .units import count_pieces, is_more


def is_part(line):
    """Tell whether an order line is a part of a combination on the same order: one of
    its products, once, and not more often than the combination.

    :param line: one ``sale.order.line`` with a ``combo_item_id``
    """
    whole, item = line._get_linked_line(), line.combo_item_id.sudo()
    if (
        not whole
        or whole.order_id != line.order_id
        or item.combo_id not in whole.product_template_id.sudo().combo_ids
        or item.product_id != line.product_id
    ):
        return False
    twins = _find_parts(whole, item.combo_id) - line
    return not twins and not is_more(count_pieces(line), count_pieces(whole))


def is_complete(line):
    """Tell whether the other parts of a combination are there as often as this one.

    While an order is written they come one after the other; it counts when the order is
    confirmed, and when it is invoiced.
    """
    whole = line._get_linked_line()
    pieces = count_pieces(line)
    return all(
        any(
            not is_more(pieces, count_pieces(part))
            for part in _find_parts(whole, combo)
        )
        for combo in whole.product_template_id.sudo().combo_ids
    )


def _find_parts(whole, combo):
    """Return the lines that are this part of a combination."""
    return whole.linked_line_ids.filtered(
        lambda part: part.combo_item_id.sudo().combo_id == combo
    )
