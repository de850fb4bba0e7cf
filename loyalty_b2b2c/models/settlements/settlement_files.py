"""What a partner reads of a line, as a table."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: Column -> its title.
ROW = {
    "side": _lt("What"),
    "day": _lt("Booked on"),
    "sold_on": _lt("Sold on"),
    "shop": _lt("Shop"),
    "ticket": _lt("Receipt"),
    "points": _lt("Points"),
    "paid": _lt("Paid with points"),
    "price": _lt("Value of a point"),
    "percent": _lt("Percent"),
    "amount": _lt("Amount"),
    "corrects": _lt("Corrects"),
}
#: Texts that a spreadsheet would take for a formula begin so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_rows(writer, rows):
    """Write lines of a settlement into a table.

    :param writer: of the module ``csv``
    :param rows: dicts, see ``b2b2c.settlement._read_rows``
    """
    for row in rows:
        writer.writerow([_to_cell(row[name]) for name in ROW])


def _to_cell(value):
    """Return a value as it stands in the table; no text is a formula there."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
