from odoo import api, fields, models
from odoo.tools import SQL


class B2b2cExpectedDay(models.Model):
    """When pending points of an award are expected, where that has moved.

    An entry keeps the day that was known when it was booked, and never changes.  A
    delivery that is put off or an invoice that is due later moves the day without
    booking anything: then it is kept here, as long as points are pending.
    """

    _name = "b2b2c.expected.day"
    _description = "Expected Day That Moved"
    _inherit = "b2b2c.closed"
    _log_access = False
    _rec_name = "award_key"

    award_key = fields.Char(required=True, readonly=True)
    expected_at = fields.Datetime(readonly=True, help="Empty: nobody knows any more.")

    _once = models.UniqueIndex("(award_key)")

    @api.model
    def _get_moved(self, award_keys):
        """Return award key -> the day that counts now, for the awards whose day moved.

        :return: dict of naive UTC, ``None`` for what nobody knows
        """
        keys = sorted({key for key in award_keys if key})
        if not keys:
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT award_key, expected_at FROM b2b2c_expected_day"
                    " WHERE award_key = ANY(%s)",
                    keys,
                )
            )
        )

    @api.model
    def _move(self, days):
        """Keep the days of awards whose day moved.

        :param days: dict award key -> naive UTC, ``None`` for what nobody knows
        """
        if not days:
            return
        # in one order: no deadlock
        rows = SQL(", ").join(
            SQL("(%s, %s::timestamp)", key, day) for key, day in sorted(days.items())
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO b2b2c_expected_day (award_key, expected_at) VALUES %s
                ON CONFLICT (award_key) DO UPDATE SET expected_at = excluded.expected_at
                """,
                rows,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _forget(self, award_keys):
        """Forget the days of awards that have nothing pending any more."""
        if award_keys:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM b2b2c_expected_day WHERE award_key = ANY(%s)",
                    sorted(award_keys),
                )
            )
            self.invalidate_model(flush=False)
