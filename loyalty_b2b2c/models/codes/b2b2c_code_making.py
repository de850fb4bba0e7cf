import io
from itertools import islice

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.product_code import get_pin, hash_pin, new_codes

CHUNK = 50000
_COLUMNS = (
    "id", "batch_id", "code", "level", "serial", "parent_id", "state", "pin_hash",
    "lot_id", "package_id",
)  # fmt: skip
_NULL = r"\N"


class B2b2cCodeMaking(models.Model):
    """Making codes, chunk by chunk, in the background."""

    _inherit = "b2b2c.code.batch"

    @api.model
    def _cron_make(self):
        """Make the codes of batches that wait, a chunk per transaction."""
        for batch in self.search([("state", "=", "making")], order="id"):
            while batch.state == "making":
                made = batch._make_chunk()
                if not self.env["ir.cron"]._commit_progress(made):
                    return

    def _prepare_making(self):
        """Count what codes are for.

        :raise UserError: there is nothing to make codes for
        """
        self.ensure_one()
        if self.origin in ("serials", "packages"):
            [(self.count,)] = self.env.execute_query(
                SQL("SELECT count(*) FROM (%s) t", self._select_targets())
            )
            if not self.count:
                raise UserError(
                    self.env._(
                        "Every one of them has a code already, or there is none."
                    )
                )
        elif self.origin == "import" and not self.import_file:
            raise UserError(self.env._("Choose the file with the codes."))

    def _make_all(self):
        """Make all codes in this transaction."""
        while self.state == "making":
            self._make_chunk()

    def _make_chunk(self):
        """Make the next codes.

        :return: how many rows were added
        """
        self.ensure_one()
        if self.origin == "import":
            return self._import_codes()
        pallet = (self.block_size or 1) * (self.pallet_size or 1)
        size = max(CHUNK // pallet, 1) * pallet
        first, count = self.made + 1, min(size, self.count - self.made)
        targets = self._get_targets(count)
        if self.origin in ("serials", "packages"):
            count = len(targets)
        rows = self._get_rows(first, count, targets) if count else []
        self._copy(rows)
        done = first + count - 1 >= self.count or not count
        self._count_made(count, done)
        return len(rows)

    def _count_made(self, count, done):
        """Write down how far the batch is; overlapping runs cannot both commit."""
        state = self._get_made_state()
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_code_batch
                   SET made = made + %(count)s,
                       state = CASE WHEN %(done)s THEN %(state)s ELSE state END
                 WHERE id = %(id)s AND state = 'making' AND made = %(before)s
             RETURNING id
                """,
                count=count,
                done=done,
                state=state,
                id=self.id,
                before=self.made,
            )
        )
        if not rows:
            raise UserError(self.env._("These codes are being made already."))
        self.invalidate_recordset(flush=False)

    # === ROWS === #

    def _get_rows(self, first, count, targets):
        """Return the rows of the next units and of what they are packed in.

        Parents come first, so every row finds its parent.
        """
        block, pallet = self.block_size, self.pallet_size
        blocks = -(-count // block) if block else 0
        pallets = -(-blocks // pallet) if pallet else 0
        total = count + blocks + pallets
        ids = self.env.execute_query(
            SQL(
                "SELECT nextval('b2b2c_code_id_seq') FROM generate_series(1, %s)", total
            )
        )
        ids = iter([row[0] for row in ids])
        codes = iter(new_codes(total, self.with_pin))
        pallet_ids = list(islice(ids, pallets))
        block_ids = list(islice(ids, blocks))
        first_block = (first - 1) // block + 1 if block else 0
        first_pallet = (first_block - 1) // pallet + 1 if pallet else 0
        rows = [
            (row_id, next(codes), "pallet", first_pallet + number, None, None, None)
            for number, row_id in enumerate(pallet_ids)
        ]
        rows += [
            (
                row_id, next(codes), "block", first_block + number,
                pallet_ids[number // pallet] if pallet else None, None, None,
            )
            for number, row_id in enumerate(block_ids)
        ]  # fmt: skip
        lots = targets if self.origin == "serials" else None
        packages = targets if self.origin == "packages" else None
        rows += [
            (
                row_id, next(codes), self.level, first + number,
                block_ids[number // block] if block else None,
                lots[number] if lots else None,
                packages[number] if packages else None,
            )
            for number, row_id in enumerate(ids)
        ]  # fmt: skip
        return rows

    def _copy(self, rows):
        """Write rows by COPY, the fastest way into PostgreSQL.

        :param rows: ``(id, code, level, serial, parent, lot, package)``
        """
        text = io.StringIO()
        secret, pepper = self.sudo().print_secret, self._get_pepper()
        head, lot = self.id, self.lot_id.id or _NULL
        for row_id, code, level, serial, parent, lot_id, package_id in rows:
            pin = (
                hash_pin(pepper, code, get_pin(secret, code))
                if self.with_pin
                else _NULL
            )
            text.write(
                f"{row_id}\t{head}\t{code}\t{level}\t{serial}\t{parent or _NULL}\t"
                f"printed\t{pin}\t{lot_id or lot}\t{package_id or _NULL}\n"
            )
        text.seek(0)
        self.env.cr.copy_from(text, "b2b2c_code", columns=_COLUMNS, null=_NULL)
        self.env["b2b2c.code"].invalidate_model(flush=False)

    @api.model
    def _get_pepper(self):
        """Return the secret of this database that PIN hashes need."""
        return self.env["ir.config_parameter"].sudo().get_param("database.secret")

    # === WHAT CODES ARE FOR === #

    def _get_targets(self, count):
        """Return the next ids of serial numbers or packages without a code."""
        if self.origin not in ("serials", "packages"):
            return []
        query = SQL("%s LIMIT %s", self._select_targets(), count)
        return [row[0] for row in self.env.execute_query(query)]

    def _select_targets(self):
        """Return the query of serial numbers or packages without a code."""
        if self.origin == "serials":
            return SQL(
                """
                SELECT t.id FROM stock_lot t
                 WHERE t.product_id = %s
                   AND (t.company_id IS NULL OR t.company_id = %s)
                   AND NOT EXISTS (SELECT FROM b2b2c_code c WHERE c.lot_id = t.id)
              ORDER BY t.id
                """,
                self.product_id.id,
                self.company_id.id,
            )
        return SQL(
            """
            SELECT DISTINCT q.package_id AS id
              FROM stock_quant q
              JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal'
             WHERE q.product_id = %s AND q.quantity > 0 AND q.package_id IS NOT NULL
               AND l.company_id = %s
               AND NOT EXISTS
                   (SELECT FROM b2b2c_code c WHERE c.package_id = q.package_id)
          ORDER BY id
            """,
            self.product_id.id,
            self.company_id.id,
        )
