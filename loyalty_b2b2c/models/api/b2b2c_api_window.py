from dataclasses import dataclass

from odoo import api, fields, models, sql_db
from odoo.tools import SQL

SECONDS = 60
_KEEP_WINDOWS = 24 * 60


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of its limit a key has used in this window.

    :param limit: calls allowed in the window
    :param hits: calls counted so far, this one included
    :param reset: end of the window, seconds since 1970
    :param wait: seconds until the end of the window
    """

    limit: int
    hits: int
    reset: int
    wait: int

    @property
    def refused(self):
        """Whether the call that was counted is above the limit."""
        return self.hits > self.limit

    def headers(self):
        """Return the HTTP headers with these figures."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.limit - self.hits, 0)),
            "X-RateLimit-Reset": str(self.reset),
        }


class B2b2cApiWindow(models.Model):
    """How often a key was used in a minute, counted for all workers together.

    The window is fixed: a minute of the database's clock.  Counting is a transaction of
    its own, so it is kept when the request is refused or fails.
    """

    _name = "b2b2c.api.window"
    _description = "Use of a Loyalty API Key"
    _log_access = False

    key_id = fields.Integer(required=True)  # no reference: it must not lock the key
    minute = fields.Integer(required=True)
    hits = fields.Integer(required=True)

    _once = models.UniqueIndex("(key_id, minute)")

    @api.model
    def _count(self, grant):
        """Count a call.

        :param grant: :class:`~.b2b2c_api_key.Grant`
        :return: :class:`Usage`
        """
        # not with the cursor of the request, whose transaction may be rolled back
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            # Odoo's REPEATABLE READ would refuse the second of two requests that come
            # together instead of letting it count.  A crash may forget a few counts.
            cr.execute(
                SQL(
                    """
                    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
                    SET LOCAL synchronous_commit = off;
                    INSERT INTO b2b2c_api_window AS w (key_id, minute, hits)
                    VALUES (%(key)s,
                            floor(extract(epoch FROM clock_timestamp()) / %(size)s), 1)
                    ON CONFLICT (key_id, minute) DO UPDATE SET hits = w.hits + 1
                    RETURNING hits, minute,
                              ceil((minute + 1) * %(size)s
                                   - extract(epoch FROM clock_timestamp()))::int
                    """,
                    key=grant.key_id,
                    size=SECONDS,
                )
            )
            hits, minute, wait = cr.fetchone()
            if hits == 1:
                # once a minute is exact enough, and does not disturb the key's form
                cr.execute(
                    SQL(
                        """
                        UPDATE b2b2c_api_key SET last_used_at = %s
                         WHERE id = (SELECT id FROM b2b2c_api_key WHERE id = %s
                                        FOR NO KEY UPDATE SKIP LOCKED)
                        """,
                        fields.Datetime.now(),
                        grant.key_id,
                    )
                )
        reset = (minute + 1) * SECONDS
        return Usage(grant.rate_limit, hits, reset, max(wait, 1))

    @api.autovacuum
    def _gc_windows(self):
        """Delete the counts that are older than a day."""
        self.env.execute_query(
            SQL(
                """
                DELETE FROM b2b2c_api_window
                 WHERE minute < extract(epoch FROM now()) / %s - %s
             RETURNING id
                """,
                SECONDS,
                _KEEP_WINDOWS,
            )
        )
