import base64
import csv
import io
import tempfile
import zipfile
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...drawing.label_sheet import (
    PAPERS,
    Label,
    Words,
    draw_png,
    draw_preview,
    draw_sheet,
    draw_svg,
)
from ...engine import product_code
from ...fonts import load_paper_fonts
from ...models.base.company_logo import get_own_logo
from ...models.codes.b2b2c_code import LEVELS
from ...models.codes.public_address import PROBLEMS, find_problem
from ...tabular import inert

#: So many labels go into one file; more are printed in parts.
MOST = 10_000
_CHUNK = 10_000
_IN_MEMORY = 8 * 1024 * 1024


class B2b2cCodePrint(models.TransientModel):
    """Prints the codes of a batch: labels for the own printer, files for a printer's.

    A code's QR holds an address of the company's own site, so that any phone's camera
    opens it; the address is a GS1 Digital Link when the product has a GTIN.
    """

    _name = "b2b2c.code.print"
    _description = "Print Codes"
    _inherit = "b2b2c.dialog"

    batch_id = fields.Many2one(
        "b2b2c.code.batch", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("a4", "Labels, 24 on A4 (70 × 37 mm)"),
            ("roll", "Roll of labels (58 × 30 mm)"),
            ("insert", "Inserts for warranty cards, 10 on A4 (85 × 55 mm)"),
            ("csv", "List for a print house (CSV)"),
            ("svg", "QR codes for a print house (SVG)"),
            ("png", "QR codes for a print house (PNG)"),
        ],
        required=True,
        default="a4",
        string="Print",
    )
    level = fields.Selection(LEVELS[:3], required=True, string="Codes On")
    first = fields.Integer(required=True, default=1, string="From Number")
    last = fields.Integer(required=True, string="To Number")
    count = fields.Integer(compute="_compute_count", string="Labels")
    example = fields.Char(compute="_compute_example", string="QR Content")
    preview = fields.Binary(compute="_compute_preview")
    has_levels = fields.Boolean(compute="_compute_has_levels")
    problem = fields.Selection(PROBLEMS, compute="_compute_example")
    print_anyway = fields.Boolean(string="Print for a Trial")

    # === COMPUTE METHODS === #

    @api.depends("batch_id", "level", "first", "last")
    def _compute_count(self):
        for wizard in self:
            [(wizard.count,)] = self.env.execute_query(
                SQL("SELECT count(*) FROM b2b2c_code c WHERE %s", wizard._where())
            )

    @api.depends("batch_id")
    def _compute_example(self):
        for wizard in self:
            wizard.example = wizard._get_link("CODE")
            wizard.problem = find_problem(wizard.example) or False

    @api.depends("batch_id")
    def _compute_has_levels(self):
        for wizard in self:
            wizard.has_levels = bool(wizard.batch_id.block_size)

    @api.depends("batch_id", "kind", "level", "first")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = wizard.kind in PAPERS and wizard._draw_preview()

    # === CONSTRAINT METHODS === #

    @api.constrains("first", "last")
    def _check_range(self):
        for wizard in self:
            if not 0 < wizard.first <= wizard.last:
                raise ValidationError(self.env._("The first number comes first."))

    @api.onchange("level")
    def _onchange_level(self):
        """Offer all codes of the level, or as many as one file takes."""
        if self.batch_id:
            self.first, self.last = 1, self._get_last(self.batch_id, self.level)

    # === ACTION METHODS === #

    @api.model
    def _open(self, batch):
        """Return the action that asks what to print of a batch."""
        wizard = self.create(
            {
                "batch_id": batch.id,
                "level": batch.level,
                "last": self._get_last(batch, batch.level),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print Codes"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_print(self):
        """Open the file.

        :raise UserError: nothing to print, too much for one file, or an address that
            no buyer's phone can open
        """
        self.ensure_one()
        self._check()
        self._check_address()
        self._remember()
        report = "loyalty_b2b2c.code_labels"
        is_paper = self.kind in PAPERS
        return {
            "type": "ir.actions.act_url",
            "url": f"/report/pdf/{report}/{self.id}"
            if is_paper
            else f"/loyalty/codes/{self.id}",
            "target": "new" if is_paper else "download",
            "close": True,
        }

    # === FILES === #

    def _check(self):
        """
        :raise AccessError: the batch is not this manager's
        :raise UserError: nothing to print, or too much for one file
        """
        self.batch_id._check_manager()
        self.batch_id.check_access("read")
        if self.batch_id.codes_kept != "clear":
            raise UserError(
                self.env._(
                    "The codes of this batch are on paper only: printing is done."
                )
            )
        if not self.count:
            raise UserError(self.env._("There are no codes with these numbers."))
        if self.kind != "csv" and self.count > MOST:
            raise UserError(
                self.env._(
                    "One file has up to %(most)s labels, these are %(count)s. Print "
                    "them in parts: from number 1 to %(most)s, and so on.",
                    most=MOST,
                    count=self.count,
                )
            )

    def _check_address(self):
        """
        :raise UserError: labels would lead nowhere, unless they are for a trial
        """
        if self.problem == "local" and not self.print_anyway:
            raise UserError(
                self.env._(
                    "Nobody outside can open %(address)s, and what is printed stays "
                    "printed. Let an administrator set the public address of this "
                    "Odoo (web.base.url), or tick “Print for a Trial”.",
                    address=self.example,
                )
            )

    def _remember(self):
        """Note on the batch which labels lead where: paper cannot be asked later."""
        self.batch_id.sudo()._message_log(
            author_id=self.env.user.partner_id.id,
            body=self.env._(
                "Printed: numbers %(first)s to %(last)s, which lead to %(address)s.",
                first=self.first,
                last=self.last,
                address=self.example,
            ),
        )

    def _render_labels(self):
        """Return the PDF of the labels."""
        self._check()
        labels = (self._get_label(row) for row in self._select())
        words = self._get_words()
        return draw_sheet(labels, PAPERS[self.kind], words, self.batch_id.name)

    def _draw_preview(self):
        """Return the picture of the first label, with a code and a PIN of nothing."""
        row = {
            "serial": self.first,
            "level": self.level,
            "code": "X" * product_code.LENGTH,
            "lot": "",
            "pin_hash": "",
        }
        label = replace(
            self._get_label(row),
            link=self.example,
            pin="X" * product_code.PIN_LENGTH if self.batch_id.can_print_pins else "",
        )
        picture = draw_preview(label, PAPERS[self.kind], self._get_words())
        return picture and base64.b64encode(picture)

    def _render_file(self):
        """Return an open file for a print house, and its name.

        :return: ``(file, name)``; the file is on disk when it is long
        """
        self._check()
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)
        if self.kind == "csv":
            self._write_list(file)
        else:
            self._write_pictures(file)
        file.seek(0)
        ending = "csv" if self.kind == "csv" else f"{self.kind}.zip"
        return file, f"codes-{self.batch_id.id}-{self.first}-{self.last}.{ending}"

    def _write_list(self, file):
        text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
        rows = csv.writer(text)
        rows.writerow(
            ["Number", "Level", "Code", "Link", "Packed In", "PIN", "Serial", "Package"]
        )
        for row in self._select():
            rows.writerow(
                [
                    row["serial"],
                    row["level"],
                    self._get_shown(row["code"]),
                    self._get_link(row["code"]),
                    self._get_shown(row["parent"] or ""),
                    self._get_pin(row),
                    inert(row["lot"] or ""),
                    inert(row["package"] or ""),
                ]
            )
        text.detach()

    def _write_pictures(self, file):
        draw = {"png": draw_png, "svg": draw_svg}[self.kind]
        # pictures are compressed already
        packing = zipfile.ZIP_DEFLATED if self.kind == "svg" else zipfile.ZIP_STORED
        with zipfile.ZipFile(file, "w", packing) as archive:
            for row in self._select():
                name = f"{row['level']}-{row['serial']:08}.{self.kind}"
                archive.writestr(name, draw(self._get_link(row["code"])))

    # === ROWS === #

    def _select(self):
        """Yield the codes as dicts, in order, chunk by chunk."""
        last = self.first - 1
        while True:
            self.env.cr.execute(
                SQL(
                    """
                    SELECT c.serial, c.level, c.code, c.pin_hash, p.code AS parent,
                           l.name AS lot, k.name AS package
                      FROM b2b2c_code c
                 LEFT JOIN b2b2c_code p ON p.id = c.parent_id
                 LEFT JOIN stock_lot l ON l.id = c.lot_id
                 LEFT JOIN stock_package k ON k.id = c.package_id
                     WHERE %s AND c.serial > %s
                  ORDER BY c.serial LIMIT %s
                    """,
                    self._where(),
                    last,
                    _CHUNK,
                )
            )
            rows = self.env.cr.dictfetchall()
            yield from rows
            if len(rows) < _CHUNK:
                return
            last = rows[-1]["serial"]

    def _where(self):
        """Return the condition of the codes that are printed."""
        return SQL(
            "c.batch_id = %s AND c.level = ANY(%s) AND c.serial BETWEEN %s AND %s",
            self.batch_id.id,
            self._get_levels(self.batch_id, self.level),
            self.first,
            self.last,
        )

    @api.model
    def _get_levels(self, batch, level):
        """Return the levels that are numbered together: of a list, all of them."""
        if batch.origin == "import":
            return [name for name, _label in LEVELS]
        return [level]

    @api.model
    def _get_last(self, batch, level):
        """Return the number of the last label of a first file."""
        [(last,)] = self.env.execute_query(
            SQL(
                """SELECT max(serial) FROM b2b2c_code
                    WHERE batch_id = %s AND level = ANY(%s)""",
                batch.id,
                self._get_levels(batch, level),
            )
        )
        return max(last or 1, 1)

    # === WHAT STANDS ON A LABEL === #

    def _get_words(self):
        """Return what is the same on all labels, with the fonts for it loaded."""
        load_paper_fonts()
        return Words(
            company=self.batch_id.company_id.name,
            hint=self.env._("Scan with your phone and collect points"),
            pin=self.env._("PIN"),
            logo=get_own_logo(self.batch_id.company_id),
        )

    def _get_label(self, row):
        product = self.batch_id.product_id
        levels = dict(self._fields["level"]._description_selection(self.env))
        parts = [
            product.default_code,
            row["lot"],
            levels.get(row["level"]) if self.has_levels else "",
            self.env._("No. %s", row["serial"]),
        ]
        return Label(
            link=self._get_link(row["code"]),
            code=self._get_shown(row["code"]),
            title=product.name,
            note=" · ".join(filter(None, parts)),
            pin=self._get_pin(row),
        )

    def _get_link(self, code):
        batch = self.batch_id
        return product_code.link(batch.get_base_url(), code, batch._get_gtin())

    def _get_shown(self, code):
        """Return a code the way people read it; codes of others as they are."""
        own = len(code) == product_code.LENGTH and self.batch_id.origin != "import"
        return product_code.shown(code) if own else code

    def _get_pin(self, row):
        """Return the PIN, empty when there is none or it was thrown away."""
        secret = self.batch_id.sudo().print_secret
        if not row["pin_hash"] or not secret:
            return ""
        return product_code.get_pin(secret, row["code"])
