import base64
import io

from odoo import models
from odoo.tools import SQL

from ...engine.product_code import (
    hash_pin,
    is_outside,
    keep,
    read,
    read_pin,
    standardize,
)
from ...tabular import TableError, is_shortened, read_table

_MAX_ROWS = 1_000_000
_MAX_BYTES = 100 * 1024 * 1024
_EXAMPLES = 20
_HEADS = {
    "code": ("code", "код"),
    "parent": ("parent", "packed in", "в упаковці"),
    "serial": ("serial", "serial number", "lot", "серійний номер", "партія"),
    "package": ("package", "упаковка"),
    "pin": ("pin", "пін"),
}


#: Columns that link a code, and where the link is kept.
_LINKS = {"parent": "parent_id", "serial": "lot_id", "package": "package_id"}


class B2b2cCodeImport(models.Model):
    """Taking over codes somebody else made; what is not taken as it is, is reported."""

    _inherit = "b2b2c.code.batch"

    def _import_codes(self):
        """Read the file of the batch and add its codes.

        Codes that differ only in what people mistake (O and 0, spaces, case) are one
        code.  A code that exists already, in any batch, is left out.

        :return: how many codes were added
        """
        self.ensure_one()
        try:
            rows = read_table(base64.b64decode(self.import_file), _MAX_ROWS, _MAX_BYTES)
            columns = _get_columns(rows[0])
        except TableError as error:
            self._fail_import(self._word_table_error(error.code))
            return 0
        if "code" not in columns:
            self._fail_import(
                self.env._("The first row names the columns; one of them is “Code”.")
            )
            return 0
        left_out = _LeftOut()
        self._stage(rows, columns, left_out)
        added = self._insert_staged(left_out)
        self._note_links(left_out)
        report = self._word_left_out(left_out)
        if not added:
            self._fail_import(report)
            return 0
        # PINs stand in the file as they are: it has done its duty
        self.write({"count": self.made, "import_report": report, "import_file": False})
        self.flush_recordset()
        self._count_made(added, True)
        self.count = self.made
        return added

    def _fail_import(self, message):
        """Put a batch back with the reason; another file can be chosen.

        This one was read, and may hold PINs: it is not kept.
        """
        self.write({"state": "draft", "import_report": message, "import_file": False})

    def _stage(self, rows, columns, left_out):
        """Copy what can be read into a temporary table."""
        self.env.cr.execute(
            """
            CREATE TEMPORARY TABLE IF NOT EXISTS b2b2c_code_staged (
                number int, code varchar, kept varchar, parent varchar, serial varchar,
                package varchar, pin_hash varchar
            ) ON COMMIT DROP;
            TRUNCATE b2b2c_code_staged
            """
        )
        pepper, text, seen = self._get_pepper(), io.StringIO(), {}
        for number, row in enumerate(rows[1:], start=2):
            cells = {
                name: str(row[column]).strip()
                for name, column in columns.items()
                if column < len(row) and row[column] not in (None, "")
            }
            if not cells:
                continue
            if any(is_shortened(row[columns[name]]) for name in cells):
                left_out.add("shortened", number, cells.get("code", ""))
                continue
            code = _read(cells.get("code", ""))
            if not code:
                left_out.add("unreadable", number, cells.get("code", ""))
                continue
            if code in seen:
                left_out.add("twice", number, cells["code"])
                continue
            seen[code] = number
            pin = read_pin(cells.get("pin"))
            cells["parent"] = _read(cells.get("parent", ""))
            values = [str(number), code, keep(pepper, code)]
            values += [
                _escape(cells.get(name)) for name in ("parent", "serial", "package")
            ]
            values.append(hash_pin(pepper, code, pin) if pin else r"\N")
            text.write("\t".join(values) + "\n")
        text.seek(0)
        self.env.cr.copy_from(text, "b2b2c_code_staged", null=r"\N")

    def _insert_staged(self, left_out):
        """Insert the staged codes that do not exist yet, parents linked.

        :return: how many
        """
        cr = self.env.cr
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_code (batch_id, code, level, serial, state, pin_hash,
                                        lot_id, package_id)
                SELECT %(batch)s, s.code, %(level)s, s.number - 1, 'printed',
                       s.pin_hash, coalesce(l.id, %(lot)s), p.id
                  FROM b2b2c_code_staged s
             LEFT JOIN stock_lot l
                    ON l.name = s.serial AND l.product_id = %(product)s
                   AND (l.company_id IS NULL OR l.company_id = %(company)s)
             LEFT JOIN LATERAL (
                       SELECT id FROM stock_package
                        WHERE name = s.package
                          AND (company_id IS NULL OR company_id = %(company)s)
                     ORDER BY id LIMIT 1) p ON TRUE
                 WHERE NOT EXISTS (SELECT FROM b2b2c_code k WHERE k.code = s.kept)
              ORDER BY s.number
                ON CONFLICT DO NOTHING
             RETURNING serial
                """,
                batch=self.id,
                level=self.level,
                lot=self.lot_id.id or None,
                product=self.product_id.id,
                company=self.company_id.id,
            )
        )
        added = {serial + 1 for (serial,) in rows}
        cr.execute("SELECT number, code FROM b2b2c_code_staged ORDER BY number")
        for number, code in cr.fetchall():
            if number not in added:
                left_out.add("known", number, code)
        cr.execute(
            SQL(
                """
                UPDATE b2b2c_code c SET parent_id = parent.id
                  FROM b2b2c_code_staged s, b2b2c_code parent
                 WHERE c.batch_id = %(batch)s AND c.code = s.code
                   AND parent.code = s.parent AND parent.batch_id = %(batch)s
                   AND parent.id != c.id;
                UPDATE b2b2c_code c
                   SET level = CASE WHEN EXISTS (
                           SELECT FROM b2b2c_code d
                             JOIN b2b2c_code e ON e.parent_id = d.id
                            WHERE d.parent_id = c.id) THEN 'pallet' ELSE 'block' END
                 WHERE c.batch_id = %(batch)s AND EXISTS (
                       SELECT FROM b2b2c_code d WHERE d.parent_id = c.id)
                """,
                batch=self.id,
            )
        )
        self.env["b2b2c.code"].invalidate_model(flush=False)
        return len(added)

    def _note_links(self, left_out):
        """Note codes that were added, but not linked to what their row names.

        A code that waits for a shipment and belongs to nothing never counts: nobody
        may find that out from the people who scan it.
        """
        for kind, column in _LINKS.items():
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT s.number, s.%(kind)s FROM b2b2c_code_staged s
                      JOIN b2b2c_code c ON c.batch_id = %(batch)s AND c.code = s.code
                     WHERE s.%(kind)s IS NOT NULL AND c.%(column)s IS NULL
                  ORDER BY s.number
                    """,
                    kind=SQL.identifier(kind),
                    column=SQL.identifier(column),
                    batch=self.id,
                )
            )
            for number, name in rows:
                left_out.add(kind, number, name)
        if self.activation != "shipped":
            return
        linked = SQL(
            """SELECT id FROM b2b2c_code WHERE batch_id = %s
                  AND (lot_id IS NOT NULL OR package_id IS NOT NULL)""",
            self.id,
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT serial + 1, code FROM b2b2c_code
                    WHERE batch_id = %s AND id NOT IN (%s) ORDER BY serial""",
                self.id,
                self.env["b2b2c.code"]._select_tree(linked),
            )
        )
        for number, code in rows:
            left_out.add("loose", number, code)

    # === WORDS === #

    def _word_table_error(self, code):
        return {
            "empty": self.env._("The file is empty."),
            "too_large": self.env._("The file is too large."),
            "too_many_rows": self.env._("The file has more than 1,000,000 rows."),
        }.get(code, self.env._("The file cannot be read as CSV or XLSX."))

    def _word_left_out(self, left_out):
        words = {
            "unreadable": self.env._("Rows without a code that can be used"),
            "shortened": self.env._(
                "Rows with a number that the spreadsheet program cut off; format the "
                "column as text"
            ),
            "twice": self.env._("Codes that stand twice in the file"),
            "known": self.env._("Codes that exist already"),
            "parent": self.env._(
                "Added, but what they are packed in is not in the list"
            ),
            "serial": self.env._("Added, but the product has no such serial number"),
            "package": self.env._("Added, but there is no such package"),
            "loose": self.env._(
                "Added, but without serial number or package: no shipment will ever "
                "activate them"
            ),
        }
        return "\n".join(
            self.env._(
                "%(what)s: %(count)s (%(examples)s)",
                count=left_out.counts[kind],
                what=words[kind],
                examples=", ".join(
                    self.env._("row %(number)s “%(code)s”", number=number, code=code)
                    for number, code in left_out.examples[kind]
                ),
            )
            for kind in words
            if left_out.counts.get(kind)
        )


class _LeftOut:
    """Counts rows that are left out, and keeps the first of each kind."""

    def __init__(self):
        self.counts, self.examples = {}, {}

    def add(self, kind, number, code):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        examples = self.examples.setdefault(kind, [])
        if len(examples) < _EXAMPLES:
            examples.append((number, code[:40]))


def _get_columns(head):
    """Return column name -> its number, from the first row of a file."""
    titles = [str(cell or "").strip().lower() for cell in head]
    return {
        name: titles.index(title)
        for name, known in _HEADS.items()
        for title in known
        if title in titles
    }


def _read(text):
    """Return a code of a file in standard form, empty when it can be none."""
    scanned = read(text)
    if scanned.code:
        return scanned.code
    text = standardize(text)
    return text if is_outside(text) else ""


def _escape(text):
    """Return a value as PostgreSQL's COPY reads it."""
    if not text:
        return r"\N"
    return text.translate(
        {ord("\\"): r"\\", ord("\t"): r"\t", ord("\n"): r"\n", ord("\r"): r"\r"}
    )
