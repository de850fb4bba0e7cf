from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

KEEP_DAYS = 7
_GC_BATCH = 5000


class Answer(NamedTuple):
    """A row of the store; without a fingerprint it is new and ours to fill."""

    id: int
    fingerprint: str | None
    status: int | None
    body: str | None


class B2b2cApiAnswer(models.Model):
    """What a call with an Idempotency-Key was answered, to answer its repetitions.

    The row is part of the call's own transaction: either both the effect and the
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
    def _claim(self, key_id, idempotency_key):
        """Return the stored answer of a call, or a new row to keep it in.

        A call under the same key that is still running is waited for.  When it
        commits, PostgreSQL refuses this transaction's older view of the table, the
        call is repeated and finds the answer; when it fails, this call goes on.

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
        """Store the answer of a call whose row :meth:`_claim` made."""
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
        """Forget answers nobody asks for any more."""
        old = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        domain = [("answered_at", "<", old)]
        rows = self.search(domain, limit=_GC_BATCH)
        rows.unlink()
        return len(rows), self.search_count(domain, limit=1)
