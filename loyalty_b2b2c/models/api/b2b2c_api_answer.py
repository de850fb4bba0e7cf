from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

KEEP_DAYS = 7
_GC_BATCH = 5000


class Answer(NamedTuple):
    """A row of the store; without a fingerprint it is new and this call fills it."""

    id: int
    fingerprint: str | None
    status: int | None
    body: str | None


class B2b2cApiAnswer(models.Model):
    """The answer to a call with an Idempotency-Key; its repetitions get it again.

    The row is written in the transaction of the call: either both the effect and the
    answer exist, or none.  Calls that were refused leave no row.
    """

    _name = "b2b2c.api.answer"
    _description = "Answer of the Loyalty API"
    _log_access = False

    key_id = fields.Many2one("b2b2c.api.key", required=True, ondelete="cascade")
    idempotency_key = fields.Char(required=True)
    fingerprint = fields.Char()
    status = fields.Integer()
    body = fields.Text()
    answered_at = fields.Datetime(required=True, index=True)

    _once = models.UniqueIndex("(key_id, idempotency_key)")

    @api.model
    def _begin(self, key_id, idempotency_key):
        """Return the stored answer of a call, or a new row for it.

        When another call with the same key is still running, this one waits.  When the
        other commits, PostgreSQL refuses this transaction, which does not see its row;
        this call is repeated and finds the answer.  When the other fails, this one
        goes on.

        :param int key_id: of ``b2b2c.api.key``
        :return: :class:`Answer`
        """
        fresh = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_api_answer (key_id, idempotency_key, answered_at)
                VALUES (%s, %s, now() AT TIME ZONE 'UTC')
                ON CONFLICT (key_id, idempotency_key) DO NOTHING RETURNING id
                """,
                key_id,
                idempotency_key,
            )
        )
        if fresh:
            return Answer(fresh[0][0], None, None, None)
        return Answer(
            *self.env.execute_query(
                SQL(
                    """
                    SELECT id, fingerprint, status, body FROM b2b2c_api_answer
                     WHERE key_id = %s AND idempotency_key = %s
                    """,
                    key_id,
                    idempotency_key,
                )
            )[0]
        )

    @api.model
    def _keep(self, answer_id, fingerprint, status, body):
        """Store the answer of a call in the row that :meth:`_begin` made.

        :param fingerprint: hash of path and body
        :param int status: of HTTP
        :param body: JSON text
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE b2b2c_api_answer SET fingerprint = %s, status = %s, body = %s
                 WHERE id = %s
                """,
                fingerprint,
                status,
                body,
                answer_id,
            )
        )

    @api.autovacuum
    def _gc_answers(self):
        """Delete answers that are older than :data:`KEEP_DAYS`."""
        old = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        domain = [("answered_at", "<", old)]
        rows = self.search(domain, limit=_GC_BATCH)
        rows.unlink()
        return len(rows), self.search_count(domain, limit=1)
