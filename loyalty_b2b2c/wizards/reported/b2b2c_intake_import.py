import base64
from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import POINTS
from ...engine import typed_date
from ...exceptions import IntakeError
from ...models.reported.intake_lookup import Lookup
from ...models.reported.intake_values import MAX_TEXT
from ...tabular import MAX_ROWS, TableError, is_shortened, read_table
from ...values import shown

# Column -> the headings people give it, in lower case.
HEADINGS = {
    "reference": ("reference", "number", "document", "номер", "документ", "накладна"),
    "date": ("date", "day", "дата"),
    "shop": ("shop", "customer", "company", "partner", "магазин", "клієнт", "покупець"),
    "product": ("product", "sku", "code", "barcode", "товар", "артикул", "штрихкод"),
    "quantity": ("quantity", "qty", "кількість", "к-сть"),
    "uom": ("unit", "uom", "од.", "одиниця"),
    "amount": ("amount", "total", "sum", "сума"),
    "amount_untaxed": ("amount without tax", "untaxed", "сума без пдв"),
    "currency": ("currency", "валюта"),
    "phone": ("phone", "телефон"),
    "email": ("email", "e-mail", "пошта"),
    "event_code": ("event", "подія"),
    "note": ("note", "примітка"),
}
# the columns that say the same in every row of a document
_HEAD = ("date", "shop", "currency", "phone", "email", "event_code", "note")
_LINE = ("product", "quantity", "uom", "amount", "amount_untaxed")
_FIGURES = ("quantity", "amount", "amount_untaxed")
#: How many wrong rows of a document are told at once.
_MAX_ERRORS = 20


class B2b2cIntakeImport(models.TransientModel):
    """Records what a distributor or a shop reports in a CSV or XLSX file.

    Rows with the same number are one document.  First the file is only checked;
    importing it twice adds nothing.
    """

    _name = "b2b2c.intake.import"
    _description = "Import Reported Documents"

    document_type = fields.Selection(
        [("shipment", "Shipments"), ("sale", "Sales"), ("event", "Events")],
        required=True,
        default="shipment",
        string="What Is in the File",
    )
    reporter_id = fields.Many2one(
        "res.partner",
        string="Reported By",
        domain="[('parent_id', '=', False)]",
        help="The distributor or shop the file comes from; its numbers are its own.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    day_order = fields.Selection(
        [
            (typed_date.DAY_FIRST, "Day first: 31/03/2026"),
            (typed_date.MONTH_FIRST, "Month first: 03/31/2026"),
        ],
        string="Dates Are Written",
        help="Only needed for dates like 02/03/2026, when no other date of the column "
        "shows which number is the month.",
    )
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    state = fields.Selection(
        [("file", "File"), ("checked", "Checked"), ("done", "Imported")],
        default="file",
        required=True,
        readonly=True,
    )
    line_ids = fields.One2many(
        "b2b2c.intake.import.line", "import_id", string="Result", readonly=True
    )
    new_count = fields.Integer(readonly=True, string="New")
    known_count = fields.Integer(readonly=True, string="Already Recorded")
    error_count = fields.Integer(readonly=True, string="With Errors")

    # === ACTION METHODS === #

    def action_check(self):
        """Try the import without keeping anything, and show what would happen."""
        self._check_rights()
        with self.env.cr.savepoint() as savepoint:
            results = self._import()
            savepoint.rollback()
            self.env.invalidate_all(flush=False)
        for result in results:
            if result["kind"] == "new":
                result.pop("document_id")  # it was never there
        return self._show("checked", results)

    def action_import(self):
        """Record the documents that have no errors."""
        self._check_rights()
        return self._show("done", self._import())

    def action_back(self):
        """Choose another file."""
        self._check_rights()
        self.write({"state": "file", "file": False, "line_ids": [(5,)]})
        return self._reopen()

    def action_open_documents(self):
        """Open what was imported."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_external_document_action"
        )
        documents = self.line_ids.document_id
        return dict(action, domain=[("id", "in", documents.ids)], context={})

    # === BUSINESS METHODS === #

    def _check_rights(self):
        self.ensure_one()
        self.check_access("write")
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("Choose one of your own companies."))

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Reported Documents"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _show(self, state, results):
        """Keep the results and show the wizard again."""
        counts = {kind: 0 for kind in ("new", "known", "error")}
        for result in results:
            counts[result["kind"]] += 1
        self.write(
            {
                "state": state,
                "line_ids": [
                    fields.Command.clear(),
                    *map(fields.Command.create, results),
                ],
                **{f"{kind}_count": number for kind, number in counts.items()},
            }
        )
        return self._reopen()

    def _import(self):
        """Record the documents of the file.

        :return: list of values of result lines, one per document
        """
        self.ensure_one()
        documents = self._read_documents()
        recorded, results = self.env["b2b2c.external.document"], []
        for rows in documents.values():
            result = {
                "row": rows[0]["row"],
                "reference": str(rows[0].get("reference") or "")[:MAX_TEXT],
                "row_count": len(rows),
            }
            try:
                with self.env.cr.savepoint():
                    document, created = self._record(rows)
            except IntakeError as error:
                message = "\n".join(self._get_errors(error, rows))
                result.update(kind="error", message=message)
            else:
                recorded |= document
                result.update(
                    kind="new" if created else "known", document_id=document.id
                )
            results.append(result)
        self.env["b2b2c.authority"]._check(
            self.env.user,
            members=recorded.member_id | recorded.seller_id,
            partners=recorded.partner_id,
        )
        self.env["b2b2c.intake"]._settle(recorded)
        points = self.env["b2b2c.intake"]._results(recorded)
        for result in results:
            rows = points.get(result.get("document_id"), ())
            result["points"] = shown(
                sum(row["points"] + row["points_pending"] for row in rows)
            )
        return results

    def _get_errors(self, error, rows):
        """Return what is wrong with a document, one sentence for each wrong row.

        The intake stops at the first error.  To find the next one, the document is
        tried again without the wrong row, and nothing of it is kept.

        :param error: :class:`IntakeError` of the whole document
        :param rows: of the document, see :meth:`_read_documents`
        """
        messages, rows = [self._word(error, rows)], list(rows)
        while len(messages) < _MAX_ERRORS and len(rows) > 1:
            row = self._get_row_number(error)
            if row is None:
                break
            del rows[row]
            try:
                with self.env.cr.savepoint() as savepoint:
                    self._record(rows)
                    savepoint.rollback()
                    self.env.invalidate_all(flush=False)
                break
            except IntakeError as next_error:
                error = next_error
                if self._get_row_number(error) is not None:
                    messages.append(self._word(error, rows))
        return messages

    def _get_row_number(self, error):
        """Return the index of the row an error is about, ``None`` for all rows."""
        steps = (error.field or "").split(".")
        return int(steps[1]) if steps[0] == "lines" and len(steps) > 1 else None

    def _record(self, rows):
        """Record the document of these rows.

        :return: ``(document, whether it is new)``
        :raise IntakeError: it cannot be recorded
        """
        vals = self._get_values(rows)
        return self.env["b2b2c.intake"]._record(
            vals,
            company=self.company_id,
            channel="import",
            operator=self.env.user,
            reporter=self.reporter_id or None,
        )

    def _get_values(self, rows):
        """Return the rows of a document as the values the intake reads.

        :raise IntakeError: rows contradict each other, or a shop is unknown
        """
        self._check_cut_off(rows)
        head = rows[0]
        for row in rows[1:]:
            for name in _HEAD:
                if row.get(name) not in (None, "", head.get(name)):
                    raise IntakeError(
                        "invalid_value",
                        self.env._(
                            "Row %(row)s has another “%(column)s” than row %(first)s "
                            "of the same document.",
                            row=row["row"],
                            column=name,
                            first=head["row"],
                        ),
                    )
        vals = {
            "type": self.document_type,
            "reference": _text(head.get("reference")),
            "occurred_at": self._get_moment(head),
            "currency": _text(head.get("currency")),
            "note": _text(head.get("note")),
        }
        if self.document_type == "event":
            vals["event_code"] = _text(head.get("event_code"))
        if head.get("shop"):
            vals["partner"] = {"id": self._find_shop(_text(head["shop"])).id}
        person = {
            name: _text(head[name]) for name in ("phone", "email") if head.get(name)
        }
        if person:
            vals["member"] = person
        lines = [
            {name: _line_value(name, row[name]) for name in _LINE if _given(row, name)}
            for row in rows
        ]
        if len(lines) == 1 and not lines[0].get("product"):
            lines[0].pop("quantity", None)
            return vals | lines[0]  # an amount without a product
        return vals | {"lines": lines}

    def _check_cut_off(self, rows):
        """Refuse numbers and codes of which the spreadsheet program kept a part."""
        for index, row in enumerate(rows):
            for name in (*_HEAD, "reference", "product"):
                if is_shortened(row.get(name)):
                    raise IntakeError(
                        "invalid_value",
                        self.env._(
                            "“%s” was cut off by the spreadsheet program; format the "
                            "column as text and enter it again.",
                            row[name],
                        ),
                        f"lines.{index}.{name}",
                    )

    def _get_moment(self, row):
        """Return a row's date as ISO 8601; times are those of the company's zone.

        :raise IntakeError: it can be two days
        """
        cell = row.get("date")
        if cell in (None, ""):
            return None
        try:
            moment = typed_date.read_day(cell, row["day_order"])
        except typed_date.AmbiguousDate as error:
            raise IntakeError(
                "ambiguous_date",
                self.env._(
                    "“%(text)s” can be %(one)s or %(other)s; choose how dates are "
                    "written in this file, or write them like this.",
                    text=error.text,
                    one=error.readings[0].isoformat(),
                    other=error.readings[1].isoformat(),
                ),
                "occurred_at",
            ) from None
        if not moment:
            return str(cell)  # refused with its reason
        if not isinstance(moment, datetime):
            return moment.isoformat()
        zone = pytz.timezone(self.company_id.b2b2c_timezone or "UTC")
        return zone.localize(moment).isoformat()

    def _find_shop(self, text):
        """Return the company that has this reference, tax number, or exact name.

        :raise IntakeError: there is none, or more than one
        """
        shops = Lookup(self.env, self.company_id).find_shops(text)
        if len(shops) == 1:
            return shops
        if not shops:
            raise IntakeError(
                "unknown_partner",
                self.env._("There is no company or shop “%s”.", text),
            )
        raise IntakeError(
            "ambiguous_partner",
            self.env._(
                "“%(text)s” can be %(one)s or %(other)s; name the company or shop by a "
                "reference of its own.",
                text=text,
                one=shops[0].display_name,
                other=shops[1].display_name,
            ),
        )

    def _word(self, error, rows):
        """Return the sentence of an error, with the number of its row in the file."""
        message, index = str(error), self._get_row_number(error)
        if index is None:
            return message
        row, column = rows[index]["row"], error.field.split(".")[-1]
        message = message.replace(f"“{error.field}”", f"“{column}”")
        return self.env._("Row %(row)s: %(message)s", row=row, message=message)

    # === READING THE FILE === #

    def _read_documents(self):
        """Read the documents of the file.

        :return: dict reference -> list of rows; a row is a dict column -> cell, with
            its number in the file as ``row``, and as ``day_order`` what was chosen or
            another date of the column shows
        :raise UserError: the file cannot be read
        """
        rows = self._read_rows()
        columns = self._get_columns(rows[0])
        documents = {}
        for number, cells in enumerate(rows[1:], 2):
            row = {
                name: cells[index] if index < len(cells) else None
                for name, index in columns.items()
            }
            if not any(value not in (None, "") for value in row.values()):
                continue
            row["row"] = number
            # a row without a number is a document of its own, and refused
            key = _text(row.get("reference")).lower()
            if not key or is_shortened(row["reference"]):
                key = f"row {number}"
            documents.setdefault(key, []).append(row)
        if not documents:
            raise UserError(self.env._("The file has headings but no rows."))
        filled_rows = [row for rows in documents.values() for row in rows]
        order = self.day_order or typed_date.find_order(
            row.get("date") for row in filled_rows
        )
        for row in filled_rows:
            row["day_order"] = order
        return documents

    def _read_rows(self):
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        words = {
            "empty": self.env._("The file is empty."),
            "too_large": self.env._("The file is too large: 10 MB at most."),
            "too_many_rows": self.env._(
                "The file has too many rows: %s at most.", MAX_ROWS
            ),
            "unreadable": self.env._(
                "This is not a table. Save it as CSV or XLSX and try again."
            ),
        }
        try:
            return read_table(base64.b64decode(self.file))
        except TableError as error:
            raise UserError(words[error.code]) from error

    def _get_columns(self, headings):
        """Find the columns by the words in the first row.

        :return: dict column -> position
        :raise UserError: it has no column of numbers, or two columns mean the same
        """
        columns = {}
        for index, heading in enumerate(headings):
            text = " ".join(str(heading or "").lower().replace("_", " ").split())
            for name, words in HEADINGS.items():
                if text in words or text == name.replace("_", " "):
                    columns.setdefault(name, []).append(index)
        for name, (first, *others) in columns.items():
            # of code and barcode the first one is taken: both name the product
            if others and name != "product":
                raise UserError(
                    self.env._(
                        "The columns “%(one)s” and “%(other)s” mean the same; rename "
                        "the one that is not meant.",
                        one=headings[first],
                        other=headings[others[0]],
                    )
                )
        if "reference" not in columns:
            raise UserError(
                self.env._(
                    "The first row must hold the headings, among them “Number”. Known "
                    "headings: %s.",
                    ", ".join(words[0] for words in HEADINGS.values()),
                )
            )
        return {name: places[0] for name, places in columns.items()}

    @api.model
    def action_open_sample(self):
        """Download a file to start from."""
        return {
            "type": "ir.actions.act_url",
            "url": "/loyalty_b2b2c/static/description/shipments.csv",
            "target": "download",
        }


class B2b2cIntakeImportLine(models.TransientModel):
    """The result of one document of the file: recorded, known, or with errors."""

    _name = "b2b2c.intake.import.line"
    _description = "Result of an Import"
    _order = "kind, row"

    import_id = fields.Many2one(
        "b2b2c.intake.import", required=True, ondelete="cascade"
    )
    row = fields.Integer(readonly=True)
    row_count = fields.Integer(readonly=True, string="Rows")
    reference = fields.Char(readonly=True)
    kind = fields.Selection(
        [("error", "Error"), ("known", "Already recorded"), ("new", "New")],
        readonly=True,
        string="Result",
    )
    message = fields.Text(readonly=True)
    points = fields.Float(**POINTS, readonly=True)
    document_id = fields.Many2one("b2b2c.external.document", readonly=True)


def _text(cell):
    return "" if cell is None else " ".join(str(cell).split())


def _given(row, name):
    return row.get(name) not in (None, "")


def _line_value(name, cell):
    # the intake reads figures, and refuses those with two readings
    return cell if name in _FIGURES else _text(cell)
