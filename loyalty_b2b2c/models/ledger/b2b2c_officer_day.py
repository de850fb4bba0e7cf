from odoo import api, fields, models
from odoo.tools import SQL

from ...const import POINTS
from ..base.days import get_today


class B2b2cOfficerDay(models.Model):
    """What somebody moved by hand on a day without a second person.

    The limit is part of the statement that counts, so neither many requests in one call
    nor requests at once pass it.
    """

    _name = "b2b2c.officer.day"
    _description = "Moved by Hand on a Day"
    _inherit = "b2b2c.closed"
    _log_access = False
    _order = "day desc, id desc"
    _rec_name = "day"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(
        "b2b2c.unit", required=True, readonly=True, ondelete="cascade"
    )
    day = fields.Date(required=True, readonly=True)
    points = fields.Float(**POINTS, readonly=True)

    _once = models.UniqueIndex("(user_id, company_id, unit_id, day)")

    @api.model
    def _count(self, user, account, points):
        """Count points that a user moves alone, unless the day's limit is passed.

        Of requests at once Odoo repeats the later ones, which then see the others.

        :param user: ``res.users``, see ``b2b2c.authority._get_first_user``
        :param account: ``b2b2c.account`` they are moved on
        :param Decimal points: how many, never negative
        :return: whether they were counted; if not, a second person has to agree
        """
        company = account.company_id
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO b2b2c_officer_day AS d
                           (user_id, company_id, unit_id, day, points)
                    SELECT %(user)s, %(company)s, %(unit)s, %(day)s, %(points)s
                     WHERE %(points)s <= %(limit)s
                    ON CONFLICT (user_id, company_id, unit_id, day) DO UPDATE
                       SET points = d.points + EXCLUDED.points
                     WHERE d.points + EXCLUDED.points <= %(limit)s
                 RETURNING id
                    """,
                    user=user.id,
                    company=company.id,
                    unit=account.unit_id.id,
                    day=get_today(company),
                    points=points,
                    limit=company.b2b2c_adjust_limit,
                )
            )
        )

    @api.model
    def _get_moved(self, user, account):
        """Return the points a user moved alone today in the unit of an account."""
        rows = self.env.execute_query(
            SQL(
                """SELECT points FROM b2b2c_officer_day
                    WHERE user_id = %s AND company_id = %s AND unit_id = %s
                      AND day = %s""",
                user.id,
                account.company_id.id,
                account.unit_id.id,
                get_today(account.company_id),
            )
        )
        return rows[0][0] if rows else 0
