from odoo import fields, models
from odoo.tools import SQL


class B2b2cEvent(models.Model):
    """How rows of the outbox are written: by SQL, with the company of the document."""

    _inherit = "b2b2c.event"

    def _insert_events(self, model, ids, not_before=None, event_type="changed"):
        """Insert a row per document unless this transaction has one already.

        A row of *another* transaction does not count: it may be in processing right
        now, with a snapshot that does not show this change.  One that waits for the
        same moment does: it cannot be in processing before that.

        :return: the reference of this transaction in the rows that are new, ``None``
            when there is none
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b2c_event (event_type, source_model, source_id,
                       company_id,
                       actor_id, occurred_at, not_before, state, attempts, entry_count,
                       transaction_ref, create_uid, write_uid, create_date, write_date)
                SELECT %(event_type)s, %(model)s, v.id, %(company)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', %(not_before)s, 'new', 0, 0,
                       txid_current()::text, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM unnest(%(ids)s) AS v (id)
                 WHERE NOT EXISTS (
                       SELECT FROM b2b2c_event e
                        WHERE e.source_model = %(model)s AND e.source_id = v.id
                          AND e.state = 'new' AND e.event_type = %(event_type)s
                          AND e.not_before IS NOT DISTINCT FROM %(not_before)s
                          AND (e.not_before IS NOT NULL
                               OR e.transaction_ref = txid_current()::text))
             RETURNING transaction_ref
                """,
                event_type=event_type,
                model=model,
                company=self._select_company(model),
                uid=self.env.uid,
                not_before=not_before,
                ids=list(ids),
            )
        )
        row = self.env.cr.fetchone()
        return row and row[0]

    def _hold_waiting(self, documents):
        """Keep others from processing documents until this transaction ends.

        Two documents that show the same goods, processed at the same time, would each
        see that nobody counted them yet.  So who counts goods holds what waits for the
        other: it is processed before, or after.

        :param documents: dict model -> ids
        :raise psycopg2.OperationalError: somebody processes one of them right now, or
            has since this transaction began, which has to begin again
        """
        if not documents:
            return
        condition = SQL(" OR ").join(
            SQL("(source_model = %s AND source_id = ANY(%s))", model, sorted(ids))
            for model, ids in sorted(documents.items())
        )
        self.env.cr.execute(
            SQL(
                """
                SELECT FROM b2b2c_event
                 WHERE state = 'new' AND (%s)
                   AND (not_before IS NULL OR not_before <= %s)
              ORDER BY id FOR UPDATE NOWAIT
                """,
                condition,
                fields.Datetime.now(),
            )
        )

    def _insert_done(self, model, outcome):
        """Insert a row per document that was processed already."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b2c_event (event_type, source_model, source_id,
                       company_id, actor_id,
                       occurred_at, state, attempts, entry_count, transaction_ref,
                       create_uid, write_uid, create_date, write_date)
                SELECT 'changed', %(model)s, v.id, %(company)s, %(uid)s,
                       now() AT TIME ZONE 'UTC',
                       CASE WHEN v.entries = 0 THEN 'ignored' ELSE 'done' END,
                       1, v.entries, txid_current()::text, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM unnest(%(ids)s, %(entries)s) AS v (id, entries)
                """,
                model=model,
                company=self._select_company(model),
                uid=self.env.uid,
                ids=list(outcome),
                entries=list(outcome.values()),
            )
        )

    def _select_company(self, model):
        """Return SQL of the company of a document ``v.id``.

        A document that is gone belongs to the company where that was noticed: an event
        of no company would be everybody's, or nobody's.  Nothing is flushed for this:
        a fault of the document must not come up here, where it would be swallowed.
        """
        return SQL(
            "coalesce((SELECT d.company_id FROM %s d WHERE d.id = v.id), %s)",
            SQL.identifier(self.env[model]._table),
            self.env.company.id,
        )
