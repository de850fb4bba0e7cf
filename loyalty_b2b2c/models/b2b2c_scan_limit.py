from odoo import api, fields, models
from odoo.tools import SQL


class B2b2cScanLimit(models.Model):
    """What a person or an address did within the hour, shared by all workers.

    A counter is part of the statement that counts: two requests at once cannot both
    pass, the second is repeated by Odoo and then sees the first.
    """

    _name = "b2b2c.scan.limit"
    _description = "Scans within the Hour"
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
                    INSERT INTO b2b2c_scan_limit AS l (company_id, scope, since, number)
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
    def _get(self, company, *scopes):
        """Return scope -> how much was counted within the hour."""
        rows = self.env.execute_query(
            SQL(
                """SELECT scope, number FROM b2b2c_scan_limit
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
                """DELETE FROM b2b2c_scan_limit
                    WHERE since < %s - interval '1 day' RETURNING id""",
                fields.Datetime.now(),
            )
        )
