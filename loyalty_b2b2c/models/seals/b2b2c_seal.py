import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...engine import seals
from ..base.transactions import in_transaction

_logger = logging.getLogger(__name__)

BLOCK_SIZE = 5000  # rows of a block at most
#: Seconds between two calls of the sealer by one process: each opens a connection.
CALL_SECONDS = 30
_called = {}  # database name -> when this process called the sealer last
PAGE = 50  # blocks read at once: 12 MB when all are full


class B2b2cSeal(models.Model):
    """A block of rows that are sealed: changed later, they do not fit it any more.

    The rows of each book (``b2b2c.sealed``) are sealed in the order in which they
    became final, those of transactions that can not be followed by an earlier one:
    nothing is ever added between rows that have a seal.  Each block names the one
    before, see ``engine/seals.py``.  Booking is not involved: the sealer only reads,
    and waits for nobody.
    """

    _name = "b2b2c.seal"
    _description = "Seal"
    _inherit = "b2b2c.closed"
    _order = "company_id, number desc"
    _rec_name = "number"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    number = fields.Integer(required=True, readonly=True)
    book = fields.Char(required=True, readonly=True)
    book_name = fields.Char(compute="_compute_book_name", string="Rows")
    shape = fields.Integer(
        required=True,
        readonly=True,
        string="Version",
        help="Which columns of a row are sealed.",
    )
    row_count = fields.Integer(required=True, readonly=True, string="Number of Rows")
    first_place = fields.Char(required=True, readonly=True, string="First Row")
    last_place = fields.Char(
        required=True,
        readonly=True,
        string="Last Row",
        help="Number of the transaction that wrote it, and of the row.",
    )
    previous_hash = fields.Char(required=True, readonly=True, string="Hash Before")
    root = fields.Char(required=True, readonly=True, string="Root of Digests")
    block_hash = fields.Char(required=True, readonly=True, string="Hash")
    sealed_at = fields.Datetime(required=True, readonly=True, string="Sealed")
    # place and digest of each row: what says which one was changed
    leaves = fields.Binary(
        required=True,
        readonly=True,
        attachment=False,
        string="Digests of Rows",
        groups=fields.NO_ACCESS,
    )

    # two sealers at once: one of them gets a serialization error, or inserts nothing
    _number_once = models.UniqueIndex("(company_id, number)")
    _book = models.Index("(company_id, book, number)")

    def init(self):
        """Keep seals as they are: append-only for everybody."""
        self._make_append_only()

    @api.depends("number")
    def _compute_display_name(self):
        for block in self:
            block.display_name = self.env._("Seal %s", block.number)

    @api.depends("book")
    def _compute_book_name(self):
        for block in self:
            block.book_name = self.env["ir.model"]._get(block.book).sudo().name

    # === SEALING === #

    @api.model
    def _call_after_commit(self):
        """Have the scheduled action run soon after this transaction's commit.

        A process calls it once per some seconds only, and a second time at their end,
        for what is booked meanwhile.
        """
        cr = self.env.cr
        if cr.postcommit.data.get("b2b2c_seal") or not _is_due(cr.dbname):
            return
        cr.postcommit.data["b2b2c_seal"] = True
        registry = self.env.registry

        @cr.postcommit.add
        def call():
            if not _is_due(registry.db_name):
                return
            _called[registry.db_name] = time.monotonic()
            try:
                in_transaction(registry, _trigger)
            except Exception:
                # what is booked is committed; the scheduled action seals it anyway
                _logger.exception("Entries wait for the next scheduled sealing")

    @api.model
    def _cron_seal(self):
        """Seal what is final, company by company, a transaction for each block."""
        cron = self.env["ir.cron"]
        for company in self._get_companies():
            try:
                while sealed := self._seal(company):
                    if not cron._commit_progress(sealed):
                        return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # somebody else seals this company right now
                self.env.cr.rollback()

    @api.model
    def _get_companies(self):
        """Return all companies; each may have a book."""
        rows = self.env.execute_query(SQL("SELECT id FROM res_company ORDER BY id"))
        return self.env["res.company"].sudo().browse(row[0] for row in rows)

    @api.model
    def _seal(self, company, limit=BLOCK_SIZE):
        """Put the next rows of a company's books into a block: of one book, the first
        that has some.

        :param int limit: how many rows at most
        :return: how many; 0 when there are none, or somebody else sealed them
        """
        horizon = self.env["b2b2c.ledger.entry"]._get_horizon()
        for book in self.env["b2b2c.sealed"]._get_books():
            after = self._get_last_place(company.id, book._name)
            rows = book._read_sealed_rows(company.id, after, horizon, limit)
            if rows:
                return self._seal_rows(company, book, rows, after)
        return 0

    def _seal_rows(self, company, book, rows, after):
        """Put rows of a book into a block; how many, 0 when somebody else did."""
        [before] = [*self._read_blocks(company.id, latest=True)] or [None]
        shape = book._get_shape()
        block = seals.seal(
            [*seals.iter_leaves(rows, shape)],
            company=company.id,
            book=book._name,
            shape=shape.version,
            sealed_at=fields.Datetime.to_string(fields.Datetime.now()),
            before=before,
            after=after,
        )
        return block.count if self._insert(block) else 0

    def _insert(self, block):
        """Store a block, unless there is one with its number."""
        return self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_seal (company_id, number, book, shape, row_count,
                       first_place, last_place, previous_hash, root, block_hash,
                       sealed_at, leaves)
                VALUES %s ON CONFLICT DO NOTHING RETURNING id
                """,
                (
                    block.company,
                    block.number,
                    block.book,
                    block.shape,
                    block.count,
                    str(block.first),
                    str(block.last),
                    block.previous.hex(),
                    block.root.hex(),
                    block.hash.hex(),
                    block.sealed_at,
                    seals.pack(block.leaves),
                ),
            )
        )

    # === READING === #

    @api.model
    def _get_last_place(self, company_id, book):
        """Return the place of the last row of a book that has a seal."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT last_place FROM b2b2c_seal
                 WHERE company_id = %s AND book = %s ORDER BY number DESC LIMIT 1
                """,
                company_id,
                book,
            )
        )
        return seals.read_place(rows[0][0]) if rows else seals.BEGINNING

    def _read_blocks(self, company_id, after=0, limit=1, latest=False):
        """Yield blocks of a company as ``engine.seals.Block``.

        :param int after: number of the last block that is known
        :param int limit: how many at most
        :param bool latest: only the last one, without its leaves
        """
        leaves = SQL("''::bytea") if latest else SQL("leaves")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company_id, number, book, shape, previous_hash, first_place,
                       last_place, row_count, root,
                       to_char(sealed_at, 'YYYY-MM-DD HH24:MI:SS'), block_hash, %s
                  FROM b2b2c_seal
                 WHERE company_id = %s AND number > %s ORDER BY number %s LIMIT %s
                """,
                leaves,
                company_id,
                after,
                SQL("DESC" if latest else "ASC"),
                limit,
            )
        )
        for row in rows:
            yield _block(*row)

    def _iter_blocks(self, company_id):
        """Yield all blocks of a company, a page in memory at a time."""
        number, page = -(2**31), True
        while page:
            page = False
            for block in self._read_blocks(company_id, after=number, limit=PAGE):
                page, number = True, block.number
                yield block


def _is_due(database):
    """Tell whether this process may call the sealer of a database again."""
    return time.monotonic() - _called.get(database, -CALL_SECONDS) >= CALL_SECONDS


def _trigger(env):
    """Plan a run of the sealer for now, and one for the seconds without a call."""
    now = fields.Datetime.now()
    env.ref("loyalty_b2b2c.cron_seal")._trigger(
        [now, now + timedelta(seconds=CALL_SECONDS)]
    )


def _block(
    company, number, book, shape, previous, first, last, count, root, sealed_at, told,
    leaves,
):  # fmt: skip
    """Return a stored block; what cannot be read is nothing, so it is not whole."""
    return seals.Block(
        company, number, book, shape, seals.read_hash(previous),
        seals.read_place(first), seals.read_place(last), count, seals.read_hash(root),
        sealed_at, seals.read_hash(told), seals.unpack(bytes(leaves)),
    )  # fmt: skip
