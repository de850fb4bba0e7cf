"""What was paid otherwise than by the tier, as ``b2b2c.price.deviation`` records it."""


def describe(line, quantity, expected, actual, why="", name=None):
    """Return a line of a document whose price is another one.

    :param expected, actual: what a unit costs by the tier, and what was paid for it
    :param str why: a line may be there for several reasons, each is told once
    :param str name: of what was sold, the line's own by default
    """
    return {
        "key": f"{line.id}/{why}" if why else line.id,
        "name": name or line.name or "",
        "product": line.product_id,
        "quantity": quantity,
        "expected": expected,
        "actual": actual,
        "currency": line.currency_id,
    }


def describe_whole(document, why, expected, actual, name=None):
    """Return a document of which less was asked or paid than its lines cost.

    :param expected, actual: amounts in the document's currency
    """
    return {
        "key": f"{document.id}/{why}",
        "name": name or document.name or "",
        "product": document.env["product.product"],
        "quantity": 1,
        "expected": expected,
        "actual": actual,
        "currency": document.currency_id,
    }
