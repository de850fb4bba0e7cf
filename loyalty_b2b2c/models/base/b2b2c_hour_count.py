import contextlib

from odoo import api, fields, models, modules, sql_db
from odoo.tools import SQL


class B2b2cHourCount(models.Model):
    """How often somebody or something did a thing within the hour, shared by all
    workers.

    A scope is a text that says who and what: ``failed/m12`` for the wrong codes of a
    participant. Scans, requests to join and searches at a terminal count here.

    A counter is part of the statement that counts: two requests at once cannot both
    pass.  With :meth:`_count` the second is repeated by Odoo and then sees the first;
    with :meth:`_count_apart` it waits a moment, which many phones behind one address
    need.
    """

    _name = "b2b2c.hour.count"
    _description = "Counted within the Hour"
    _inherit = "b2b2c.closed"
    _log_access = False
    _rec_name = "scope"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    scope = fields.Char(required=True, readonly=True)
    since = fields.Datetime(required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True)

    _once = models.UniqueIndex("(scope, company_id)")

    @api.model
    def _count(self, company, scope, limit=0):
        """Count one more within the hour, unless a limit is reached.

        :param int limit: 0: only count
        :return: whether it was counted
        """
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO b2b2c_hour_count AS l (company_id, scope, since, number)
                    VALUES (%(company)s, %(scope)s, %(now)s, 1)
                    ON CONFLICT (scope, company_id) DO UPDATE
                       SET since = CASE WHEN l.since <= %(now)s - interval '1 hour'
                                        THEN %(now)s ELSE l.since END,
                           number = CASE WHEN l.since <= %(now)s - interval '1 hour'
                                         THEN 1 ELSE l.number + 1 END
                     WHERE %(limit)s = 0 OR l.number < %(limit)s
                        OR l.since <= %(now)s - interval '1 hour'
                 RETURNING id
                    """,
                    company=company.id,
                    scope=scope,
                    now=fields.Datetime.now(),
                    limit=limit,
                )
            )
        )

    @api.model
    def _count_apart(self, company, limits):
        """Count one more within the hour for several scopes, whatever becomes of this
        transaction.

        :param dict limits: scope -> its limit, 0 for none
        :return: whether every limit still allowed it
        """
        rows = SQL(", ").join(
            SQL("(%s, %s, %s, 1)", company.id, scope, fields.Datetime.now())
            for scope in sorted(limits)  # in one order: no deadlocks
        )
        with self._open_counter() as cr:
            cr.execute(
                SQL(
                    """
                    INSERT INTO b2b2c_hour_count AS l (company_id, scope, since, number)
                    VALUES %s
                    ON CONFLICT (scope, company_id) DO UPDATE
                       SET since = CASE WHEN l.since <= excluded.since - %s
                                        THEN excluded.since ELSE l.since END,
                           number = CASE WHEN l.since <= excluded.since - %s
                                         THEN 1 ELSE l.number + 1 END
                 RETURNING scope, number
                    """,
                    rows,
                    SQL("interval '1 hour'"),
                    SQL("interval '1 hour'"),
                )
            )
            counted = cr.fetchall()
        return all(
            not limits[scope] or number <= limits[scope] for scope, number in counted
        )

    @contextlib.contextmanager
    def _open_counter(self):
        """Give a cursor whose statements see what others committed meanwhile.

        Odoo's REPEATABLE READ would refuse the second of two requests that count
        together, and after some tries the person would see an error.
        """
        if modules.module.current_test:  # its company may be in no other transaction
            yield self.env.cr
            return
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            yield cr

    @api.model
    def _uncount(self, company, scope):
        """Take one back that turned out not to count."""
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_hour_count SET number = number - 1
                 WHERE scope = %s AND company_id = %s AND number > 0
             RETURNING id
                """,
                scope,
                company.id,
            )
        )

    @api.model
    def _get(self, company, *scopes):
        """Return scope -> how much was counted within the hour."""
        rows = self.env.execute_query(
            SQL(
                """SELECT scope, number FROM b2b2c_hour_count
                    WHERE company_id = %s AND scope = ANY(%s)
                      AND since > %s - interval '1 hour'""",
                company.id,
                list(scopes),
                fields.Datetime.now(),
            )
        )
        return {**dict.fromkeys(scopes, 0), **dict(rows)}

    @api.autovacuum
    def _gc(self):
        """Forget counters of hours ago."""
        self.env.execute_query(
            SQL(
                """DELETE FROM b2b2c_hour_count
                    WHERE since < %s - interval '1 day' RETURNING id""",
                fields.Datetime.now(),
            )
        )
