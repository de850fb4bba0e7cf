"""Rows of a table that stand for something written in code."""

from ..base.rows import insert_rows


def fill_rows(model, field, codes):
    """Add the rows of codes that have none.

    :param model: its records are there so that others can name some of the codes
    :param str field: the column of the code
    :param codes: iterable of codes there are
    """
    known = set(model.search([(field, "in", list(codes))]).mapped(field))
    rows = [{field: code} for code in codes if code not in known]
    if rows:
        insert_rows(model, rows)
