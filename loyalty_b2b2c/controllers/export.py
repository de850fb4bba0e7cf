"""Odoo's own exports with what strangers wrote in them: text, never a formula.

Names of people come from forms that anybody fills in, and somebody opens the file.
"""

from odoo.addons.web.controllers.export import CSVExport, ExcelExport

from ..engine.typed_text import is_formula

#: What Odoo itself makes harmless in CSV files.
_ODOO = ("=", "-", "+")
#: What the writer of XLSX files makes a formula, or a link into another file.
_ACTIVE = ("=", "{=", "internal:", "external:")


class InertCsvExport(CSVExport):
    """CSV files: what any spreadsheet may read as a formula gets an apostrophe."""

    def from_data(self, fields, columns_headers, rows):
        rows = [[_inert_csv(value) for value in row] for row in rows]
        return super().from_data(fields, columns_headers, rows)


class InertExcelExport(ExcelExport):
    """XLSX files: cells say what is text, so only what the writer mistakes changes."""

    def from_data(self, fields, columns_headers, rows):
        return super().from_data(fields, columns_headers, _inert_rows(rows))

    def from_group_data(self, fields, columns_headers, groups):
        return super().from_group_data(fields, columns_headers, _inert_groups(groups))


def _inert_csv(value):
    text = value.decode() if isinstance(value, bytes) else value
    if not isinstance(text, str) or text.startswith(_ODOO):
        return value
    return f"'{text}" if is_formula(text) else value


def _inert_xlsx(value):
    is_active = isinstance(value, str) and value.lower().startswith(_ACTIVE)
    return f"'{value}" if is_active else value


def _inert_rows(rows):
    return [[_inert_xlsx(value) for value in row] for row in rows]


def _inert_groups(node):
    """Return a node of Odoo's tree of groups with its labels and rows made text.

    A label becomes a pair as those of records are, ``(key, what is shown)``: two groups
    stay two.
    """
    node.data = _inert_rows(node.data)
    node.children = {
        _inert_label(key): _inert_groups(child) for key, child in node.children.items()
    }
    return node


def _inert_label(key):
    shown = key[1] if isinstance(key, tuple) and len(key) > 1 else key
    return (key, _inert_xlsx(shown)) if isinstance(shown, str) else key
