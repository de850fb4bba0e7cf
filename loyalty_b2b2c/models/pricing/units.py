"""Quantities of lines, compared in the products' own units."""

#: What converting a quantity into another unit may change of it.
_ROUNDING = 1e-6


def get_ratio(uom, product):
    """Return how many of a product's own units one unit of measure is."""
    if not uom or not product.uom_id or uom == product.uom_id:
        return 1.0
    return uom._compute_quantity(1.0, product.uom_id, round=False)


def count_pieces(line):
    """Return the quantity of an order line in its product's own unit."""
    return line.product_uom_qty * get_ratio(line.product_uom_id, line.product_id)


def is_more(quantity, other):
    """Tell whether a quantity is more than another one, but for rounding."""
    return quantity > other * (1 + _ROUNDING)
