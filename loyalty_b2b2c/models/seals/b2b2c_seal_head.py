import base64
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...engine.seals import Shape
from . import signing, stamping
from .signing import Signature


class B2b2cSealHead(models.Model):
    """What auditors are told of the seals: the hash of the last one, signed.

    Whoever owns the database can make all seals anew.  Then a hash that was told to
    others is another one, and without the key nobody signs a new one.  Statements are a
    book themselves: the next seals cover them.
    """

    _name = "b2b2c.seal.head"
    _description = "Statement about Seals"
    _inherit = "b2b2c.sealed"
    _order = "company_id, number desc"
    _rec_name = "number"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    number = fields.Integer(required=True, readonly=True, string="Seal")
    block_hash = fields.Char(required=True, readonly=True, string="Hash")
    statement = fields.Char(
        required=True, readonly=True, string="Text of the Statement"
    )
    signature = fields.Char(readonly=True)
    public_key = fields.Char(readonly=True)
    time_stamp = fields.Char(readonly=True, string="Time Stamp (RFC 3161)")
    stamped_at = fields.Datetime(compute="_compute_stamped_at", string="Time Stamp Of")
    is_signed = fields.Boolean(compute="_compute_is_signed")
    stated_at = fields.Datetime(required=True, readonly=True, string="Stated")
    file = fields.Binary(compute="_compute_file")
    file_name = fields.Char(compute="_compute_file")

    _number_once = models.UniqueIndex("(company_id, number)")

    _sealed_shapes = {
        1: Shape(
            1,
            (
                "id", "feed_position", "company_id", "number", "block_hash",
                "statement", "signature", "public_key", "time_stamp", "stated_at",
            ),
        )
    }  # fmt: skip
    _sealed_time = "stated_at"

    # === COMPUTE METHODS === #

    @api.depends("number")
    def _compute_display_name(self):
        for head in self:
            head.display_name = self.env._("Statement about seal %s", head.number)

    @api.depends("signature")
    def _compute_is_signed(self):
        for head in self:
            head.is_signed = bool(head.signature)

    @api.depends("time_stamp")
    def _compute_stamped_at(self):
        for head in self:
            head.stamped_at = (
                stamping.get_time(head.time_stamp) if head.time_stamp else False
            )

    @api.depends("statement", "signature", "public_key", "time_stamp")
    def _compute_file(self):
        for head in self:
            told = {
                "statement": head.statement,
                "signature": head.signature or None,
                "public_key": head.public_key or None,
                "time_stamp": head.time_stamp or None,
            }
            head.file = base64.b64encode(json.dumps(told, indent=1).encode())
            head.file_name = f"seal-{head.company_id.id}-{head.number}.json"

    # === STATING === #

    @api.model
    def _cron_state(self):
        """State the last seal of each company, a transaction for each."""
        cron = self.env["ir.cron"]
        for company in self.env["b2b2c.seal"]._get_companies():
            try:
                if not cron._commit_progress(len(self._state(company))):
                    return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # somebody else states it right now
                self.env.cr.rollback()

    @api.model
    def _state(self, company):
        """Sign the last seal of a company and tell its auditors, once per seal.

        :return: the statement; empty when nothing was sealed since the last one but
            that one
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT number, block_hash,
                       (SELECT sum(row_count) FROM b2b2c_seal
                         WHERE company_id = %(company)s)
                  FROM b2b2c_seal WHERE company_id = %(company)s
              ORDER BY number DESC LIMIT 1
                """,
                company=company.id,
            )
        )
        head = self.browse()
        if rows and self._is_due(company):
            head = self._insert(company, *rows[0])
        head._tell_auditors()
        return head

    def _is_due(self, company):
        """Tell whether there is something to state: seals since the last statement that
        are not of that statement itself, or the first signature."""
        last = self._get_last(company)
        if last and not last.signature and signing.get_public_keys():
            return True
        later = SQL(
            """
            SELECT FROM b2b2c_seal
             WHERE company_id = %s AND book <> %s AND number > %s LIMIT 1
            """,
            company.id,
            self._name,
            last.number,
        )
        self.env.cr.execute(later)
        return bool(self.env.cr.rowcount)

    @api.model
    def _get_last(self, company):
        """Return the last statement about a company's seals."""
        return self.search([("company_id", "=", company.id)], limit=1)

    def _insert(self, company, number, block_hash, row_count):
        """Store a signed statement, unless there is one about this seal."""
        now = fields.Datetime.now()
        statement = json.dumps(
            {
                "database": self.env["ir.config_parameter"]
                .sudo()
                .get_param("database.uuid"),
                "company": company.id,
                "seal": number,
                "hash": block_hash,
                "rows": int(row_count),
                "stated_at": f"{now.isoformat()}Z",
            },
            sort_keys=True,
        )
        signed = signing.sign(statement)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_seal_head (company_id, number, block_hash, statement,
                       signature, public_key, time_stamp, stated_at)
                VALUES %s ON CONFLICT DO NOTHING RETURNING id
                """,
                (
                    company.id,
                    number,
                    block_hash,
                    statement,
                    signed and signed.signature,
                    signed and signed.public_key,
                    stamping.fetch(statement),
                    now,
                ),
            )
        )
        return self.browse(row[0] for row in rows)

    def _tell_auditors(self):
        """Queue the statement for each auditor of its company."""
        self.env["b2b2c.notification"]._tell(
            [
                {
                    "kind": "seal_head",
                    "key": f"seal_head/{head.id}/{auditor.id}",
                    "is_numbered": False,
                    "contact_id": auditor.id,
                    "company_id": head.company_id.id,
                    "res_model": head._name,
                    "res_id": head.id,
                    "document_name": head.display_name,
                    "details": {
                        "number": head.number,
                        "hash": head.block_hash,
                        "statement": head.statement,
                        "signature": head.signature or "",
                        "public_key": head.public_key or "",
                        "time_stamp": head.time_stamp or "",
                        "stamped_at": str(head.stamped_at or ""),
                    },
                }
                for head in self
                for auditor in head.company_id.sudo().b2b2c_auditor_ids
            ]
        )

    # === PROOF === #

    def _get_problem(self, public_keys):
        """Return why this statement is not to be believed, empty when it is.

        One without a signature is believed: it proves less, and says so.

        :param public_keys: the keys that are known, as hexadecimal texts; none: any
        """
        self.ensure_one()
        stored = (self.company_id.id, self.number, self.block_hash)
        if read_statement(self.statement) != stored:
            return "columns that say something else"
        problem = self.time_stamp and stamping.get_problem(
            self.time_stamp, self.statement
        )
        if problem or not self.signature:
            return problem or ""
        return Signature(self.signature, self.public_key or "").get_problem(
            self.statement, public_keys
        )

    @api.model
    def _compare(self, text):
        """Compare a file that an auditor kept with the seals there are now.

        :param str text: the content of the file
        :return: ``(is it the same, a sentence that says so)``
        :raise UserError: it is no such file, or of a company that is not the user's
        """
        told = _read_file(text)
        if not told:
            raise UserError(self.env._("This file is no statement about seals."))
        statement, signed, stamp = told
        company_id, number, block_hash = read_statement(statement)
        if company_id not in self.env.companies.ids:
            raise UserError(self.env._("The statement is about another company."))
        if signed and signed.get_problem(statement, signing.get_public_keys()):
            return False, self.env._("The signature of this file is not ours.")
        if stamp and stamping.get_problem(stamp, statement):
            return False, self.env._("The time stamp of this file proves nothing.")
        found = self.env["b2b2c.seal"].search(
            [("company_id", "=", company_id), ("number", "=", number)]
        )
        if not found:
            return False, self.env._("Seal %s was cut off: it is gone.", number)
        if found.block_hash != block_hash:
            return False, self.env._(
                "Seal %s is another one now: rows up to it were changed and sealed "
                "again.",
                number,
            )
        if not signed:
            return True, self.env._(
                "Seal %s is the same. The statement is not signed: whoever sent it "
                "could have written anything.",
                number,
            )
        return True, self.env._("Seal %s is the same.", number)


def _read_file(text):
    """Return what an auditor's file holds: ``(statement, Signature, time stamp)``, the
    last two empty when it has none.

    :return: ``None`` when it is no such file
    """
    try:
        told = json.loads(text)
        statement, signature = told["statement"], told["signature"]
        signed = signature and Signature(signature, told["public_key"] or "")
        return read_statement(statement) and (statement, signed, told.get("time_stamp"))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def read_statement(statement):
    """Return what a statement says: ``(company id, number, hash)``.

    :return: ``None`` when it cannot be read
    """
    try:
        told = json.loads(statement)
        return told["company"], told["seal"], told["hash"]
    except (KeyError, TypeError, ValueError):
        return None
