import base64
import io
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...engine import typed_date
from ...tabular import TableError
from ...vault import VaultError
from . import voucher_words
from .b2b2c_voucher_pool import COUNTS
from .voucher_file import MAX_BYTES, VoucherFile, VoucherFileError

#: Rows of one transaction.
BATCH = 50_000
#: Bytes of a file that is imported while the person waits.
_SMALL = 200_000
#: So many row numbers of a report are kept for each reason.
_EXAMPLES = 20
#: How often a batch that met another import is tried.
_TRIES = 10
_CONTEXT = b"voucher file"
_NULL = r"\N"
_STAGED = "b2b2c_voucher_staged"
_COLUMNS = (
    "number", "code_sealed", "code_index", "shape_index", "tail", "expires_on",
)  # fmt: skip


class B2b2cVoucherImport(models.Model):
    """A file with codes, on its way into a pool.

    The file is encrypted as it comes in: nothing of it is ever stored as it is, not for
    a moment.  It is read batch by batch, each in a transaction of its own together with
    how far it went; a process that dies leaves whole batches, and the next one goes on
    behind them.  When it was read, the file is deleted.
    """

    _name = "b2b2c.voucher.import"
    _description = "Import of Vouchers"
    _order = "id desc"

    name = fields.Char("File", required=True, default="codes")
    pool_id = fields.Many2one(
        "b2b2c.voucher.pool",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('kind', '=', 'codes')]",
    )
    company_id = fields.Many2one(related="pool_id.company_id")
    upload = fields.Binary(
        compute="_compute_upload",
        readonly=False,
        string="File with the Codes",
        help="CSV or XLSX; the first row names the columns: Code, and if you like PIN "
        "and Valid until.",
    )
    content = fields.Binary(
        attachment=False, readonly=True, copy=False, groups=fields.NO_ACCESS
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
    with_look_alikes = fields.Boolean(
        string="Import Look-alikes",
        help="Codes that differ only in what people mistake, as O and 0, or in large "
        "and small letters, are usually one code written twice. Choose this when the "
        "partner says that they are different ones.",
    )
    state = fields.Selection(
        [
            ("new", "New"),
            ("waiting", "Being Imported"),
            ("done", "Imported"),
            ("failed", "Not Imported"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="new",
        copy=False,
    )

    # How far
    row_count = fields.Integer("Rows", readonly=True, copy=False, default=0)
    rows_done = fields.Integer("Rows Read", readonly=True, copy=False, default=0)
    progress = fields.Integer(compute="_compute_progress")
    added_count = fields.Integer("Codes Added", readonly=True, copy=False, default=0)
    left_out_count = fields.Integer(
        "Rows Left Out", compute="_compute_report", compute_sudo=True
    )
    left_out = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS)
    problem = fields.Char(readonly=True, copy=False)
    report = fields.Text(compute="_compute_report", compute_sudo=True)
    key_problem = fields.Char(related="pool_id.key_problem")

    # === COMPUTE METHODS === #

    def _compute_upload(self):
        """What was uploaded is never given back."""
        self.upload = False

    @api.depends("row_count", "rows_done", "state")
    def _compute_progress(self):
        for record in self:
            done, total = record.rows_done, record.row_count
            percent = 100 * done // total if total else 0
            record.progress = 100 if record.state == "done" else min(percent, 99)

    @api.depends("left_out", "problem")
    @api.depends_context("lang")
    def _compute_report(self):
        for record in self:
            left_out = record.left_out or {}
            record.left_out_count = sum(row["count"] for row in left_out.values())
            words = voucher_words.word_left_out(self.env, left_out)
            record.report = "\n".join(filter(None, (record.problem, words)))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            given = ("name", "pool_id", "upload", "day_order", "with_look_alikes")
            vals_list = [
                {name: vals[name] for name in given if name in vals}
                for vals in vals_list
            ]
        uploads = [vals.get("upload") for vals in vals_list]
        records = super().create(
            [{n: v for n, v in vals.items() if n != "upload"} for vals in vals_list]
        )
        for record, upload in zip(records, uploads, strict=True):
            record.sudo()._keep(upload)
        return records

    def write(self, vals):
        if not self.env.su and any(record.state != "new" for record in self):
            raise UserError(self.env._("This file was imported; choose another one."))
        result = super().write({n: v for n, v in vals.items() if n != "upload"})
        if "upload" in vals:
            self.sudo()._keep(vals["upload"])
        return result

    def _keep(self, upload):
        """Store what somebody uploaded, encrypted.

        :param upload: the file as base64, empty for none
        :raise UserError: there is no key, or the file is too large
        """
        if not upload:
            self.content = False
            return
        file = base64.b64decode(upload)
        if len(file) > MAX_BYTES:
            raise UserError(voucher_words.word_file(self.env, "too_large"))
        sealed = self.env["b2b2c.voucher.key"]._get_vault().seal(file, _CONTEXT)
        self.content = base64.b64encode(sealed)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_empty(self):
        if any(record.added_count or record.state == "waiting" for record in self):
            raise UserError(self.env._("Codes came from this file; it stays."))

    # === ACTION METHODS === #

    @api.model
    def _open(self, record=None, pool=None):
        """Return the action that shows the dialog, or how far an import is."""
        view = self.env.ref("loyalty_b2b2c.b2b2c_voucher_import_view_dialog")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Codes"),
            "res_model": self._name,
            "res_id": record.id if record else False,
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"default_pool_id": pool.id} if pool else {},
        }

    def action_import(self):
        """Import the file: a small one at once, a large one in the background
        (managers)."""
        self.ensure_one()
        self.pool_id._own()
        self.check_access("write")
        record = self.sudo().with_context(bin_size=False)
        if record.state != "new":
            return self._open(self)
        if not record.content:
            raise UserError(self.env._("Choose the file with the codes."))
        if record.pool_id.kind != "codes":
            raise UserError(
                self.env._("This pool has one public code; it takes no others.")
            )
        record.env["b2b2c.voucher.key"]._get_vault()  # no key: said now, not later
        record.state = "waiting"
        if len(record.content) <= _SMALL:
            for _rows in record._run():
                continue
        else:
            self.env.ref("loyalty_b2b2c.cron_vouchers").sudo()._trigger()
        return self._open(self)

    def action_open_vouchers(self):
        """Open the codes that came from this file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_voucher_action"
        )
        return dict(action, domain=[("import_id", "=", self.id)], context={})

    # === IMPORTING === #

    @api.model
    def _cron_import(self):
        """Go on with the files that wait, a batch per transaction.

        Without the key they wait until it is there again.
        """
        if self.env["b2b2c.voucher.key"]._get_problem():
            return
        for record in self.search([("state", "=", "waiting")], order="id"):
            for rows in record._run(commit=True):
                if not self.env["ir.cron"]._commit_progress(rows):
                    self.env.ref("loyalty_b2b2c.cron_vouchers")._trigger()
                    return

    def _run(self, commit=False):
        """Import the file from where it stands; yield the rows of each batch.

        :param bool commit: whether the caller commits after each batch; then a batch
            that another import got in the way of is tried again
        """
        self.ensure_one()
        file = self._read_file()
        if file is None:
            yield 0
            return
        vault = self.env["b2b2c.voucher.key"]._get_vault()
        while self.state == "waiting":
            yield (
                self._import_patiently(file, vault)
                if commit
                else (self._import_batch(file, vault))
            )

    def _import_patiently(self, file, vault):
        """Import a batch, again if it and another import met in one code."""
        for attempt in range(1, _TRIES + 1):
            try:
                return self._import_batch(file, vault)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if attempt == _TRIES:
                    raise
        return 0

    def _read_file(self):
        """Return the rows of the file, ``None`` when it can be read by nobody."""
        vault = self.env["b2b2c.voucher.key"]._get_vault()
        sealed = base64.b64decode(self.with_context(bin_size=False).content)
        try:
            return VoucherFile(vault.open(sealed, _CONTEXT), self.day_order)
        except (TableError, VoucherFileError) as error:
            problem = voucher_words.word_file(self.env, error.code)
        except VaultError:
            problem = self.env._("What is stored of the file was changed; upload it "
                                 "again.")  # fmt: skip
        self.write({"state": "failed", "content": False, "problem": problem})
        return None

    def _import_batch(self, file, vault):
        """Import the next rows, and write down how far that is.

        :return: how many rows were read
        """
        start = self.rows_done
        rows = file.read_rows(start, BATCH, self.pool_id._get_today())
        done = min(start + BATCH, len(file))
        left_out = _LeftOut(self.left_out)
        self._claim(start, done, len(file))
        self._stage(rows, vault, left_out)
        added = self._insert_staged(left_out)
        is_last = done >= len(file)
        self.write(
            {
                "added_count": self.added_count + added,
                "left_out": left_out.to_json(),
                **({"state": "done", "content": False} if is_last else {}),
            }
        )
        if is_last:
            self._tell_done()
        self.flush_recordset()
        return done - start

    def _claim(self, start, done, total):
        """Take the next rows; of two processes at once only one gets them.

        :raise UserError: another one has them
        """
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_voucher_import SET rows_done = %s, row_count = %s
                 WHERE id = %s AND state = 'waiting'
                   AND rows_done = %s RETURNING id
                """,
                done,
                total,
                self.id,
                start,
            )
        )
        self.invalidate_recordset(["rows_done", "row_count"], flush=False)
        if not rows:
            raise UserError(self.env._("This file is being imported already."))

    def _stage(self, rows, vault, left_out):
        """Copy the rows, sealed already, into a temporary table."""
        self.env.cr.execute(
            """
            CREATE TEMPORARY TABLE IF NOT EXISTS b2b2c_voucher_staged (
                number int, code_sealed bytea, code_index bytea, shape_index bytea,
                tail varchar, expires_on date
            ) ON COMMIT DROP;
            TRUNCATE b2b2c_voucher_staged
            """
        )
        seal, pool = self.env["b2b2c.voucher"]._seal, self.pool_id
        text = io.StringIO()
        for row in rows:
            if row.problem:
                left_out.add(row.problem, row.number)
                continue
            sealed = seal(vault, pool, row.code, row.pin)
            text.write(
                f"{row.number}\t\\\\x{sealed['code_sealed'].hex()}"
                f"\t\\\\x{sealed['code_index'].hex()}"
                f"\t\\\\x{sealed['shape_index'].hex()}"
                f"\t{_escape(sealed['tail'])}\t{row.expires_on or _NULL}\n"
            )
        text.seek(0)
        self.env.cr.copy_from(text, _STAGED, columns=_COLUMNS, null=_NULL)

    def _insert_staged(self, left_out):
        """Add the staged codes that this partner gave never before.

        :return: how many
        """
        for number, reason in sorted(self.env.execute_query(self._select_left_out())):
            left_out.add(reason, number)
        added = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_voucher (pool_id, import_id, "row", state, tail,
                       code_sealed, code_index, shape_index, expires_on)
                SELECT %(pool)s, %(record)s, s.number, 'free', s.tail,
                       s.code_sealed, s.code_index, s.shape_index, s.expires_on
                  FROM b2b2c_voucher_staged s ORDER BY s.number
                ON CONFLICT DO NOTHING RETURNING id
                """,
                pool=self.pool_id.id,
                record=self.id,
            )
        )
        self.env["b2b2c.voucher"].invalidate_model(flush=False)
        self.env["b2b2c.voucher.pool"].invalidate_model(COUNTS)
        return len(added)

    def _select_left_out(self):
        """Return the statement that takes codes out of the staged ones that are there
        already, or look like one that is; it yields their rows, and why."""
        return SQL(
            """
            WITH judged AS (
                SELECT s.number,
                       CASE WHEN same.import_id = %(record)s THEN 'twice'
                            WHEN same.id IS NOT NULL THEN 'known'
                            WHEN s.nth > 1 THEN 'twice'
                            WHEN NOT %(with_alike)s
                                 AND (s.first_alike < s.number OR alike.id IS NOT NULL)
                            THEN 'alike' END AS reason
                  FROM (SELECT number, code_index, shape_index,
                               row_number() OVER (PARTITION BY code_index
                                                  ORDER BY number) AS nth,
                               min(number) OVER (PARTITION BY shape_index)
                                   AS first_alike
                          FROM b2b2c_voucher_staged) s
             LEFT JOIN b2b2c_voucher same ON same.code_index = s.code_index
             LEFT JOIN LATERAL (
                       SELECT id FROM b2b2c_voucher v
                        WHERE v.shape_index = s.shape_index LIMIT 1) alike ON TRUE
            )
            DELETE FROM b2b2c_voucher_staged s USING judged j
             WHERE s.number = j.number AND j.reason IS NOT NULL
         RETURNING s.number, j.reason
            """,
            record=self.id,
            with_alike=self.with_look_alikes,
        )

    def _tell_done(self):
        """Write into the pool's history what came of the file."""
        self.pool_id.low_told_at = False
        self.pool_id._message_log(
            body=self.env._(
                "%(file)s is imported. Codes added: %(added)s. "
                "Rows left out: %(left)s.",
                file=self.name,
                added=self.added_count,
                left=self.left_out_count,
            )
        )


class _LeftOut:
    """Counts rows that are left out, and keeps the first numbers of each reason.

    :param left_out: what was counted before, see :meth:`to_json`
    """

    def __init__(self, left_out=None):
        left_out = left_out or {}
        self._counts = Counter({code: row["count"] for code, row in left_out.items()})
        self._rows = {code: [*row["rows"]] for code, row in left_out.items()}

    def add(self, code, number):
        """Count a row.

        :param str code: why it is left out
        :param int number: of the row
        """
        self._counts[code] += 1
        rows = self._rows.setdefault(code, [])
        if len(rows) < _EXAMPLES:
            rows.append(number)

    def to_json(self):
        """Return reason -> how many rows, and the numbers of the first of them."""
        return {
            code: {"count": count, "rows": sorted(self._rows[code])}
            for code, count in self._counts.items()
        }


def _escape(text):
    """Return a text as PostgreSQL's COPY reads it."""
    if not text:
        return _NULL
    return text.translate({ord("\\"): r"\\", ord("\t"): r"\t"})
