from odoo import api, fields, models
from odoo.tools import SQL

from ..base.days import get_today


class B2b2cOfficerDay(models.Model):
    """What somebody approved on a day, beside what he moved by hand."""

    _inherit = "b2b2c.officer.day"

    paid_out = fields.Float("Payouts Approved", digits=False, readonly=True)

    @api.model
    def _count_payout(self, user, payout):
        """Count a payout that a user approves, unless the day's limit is passed.

        The limit is part of the statement, and holds for each unit that is paid out;
        all logins of a person count as one.

        :param user: ``res.users`` who approves
        :return: whether it was counted
        """
        company = payout.company_id
        limit = company.b2b2c_payout_officer_day
        if not limit:
            return True
        person = self.env["b2b2c.authority"]._get_first_user(user)
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO b2b2c_officer_day AS d
                           (user_id, company_id, unit_id, day, points, paid_out)
                    SELECT %(user)s, %(company)s, %(unit)s, %(day)s, 0, %(amount)s
                     WHERE %(amount)s <= %(limit)s
                    ON CONFLICT (user_id, company_id, unit_id, day) DO UPDATE
                       SET paid_out = coalesce(d.paid_out, 0) + EXCLUDED.paid_out
                     WHERE coalesce(d.paid_out, 0) + EXCLUDED.paid_out <= %(limit)s
                 RETURNING id
                    """,
                    user=person.id,
                    company=company.id,
                    unit=payout.redemption_id.account_id.unit_id.id,
                    day=get_today(company),
                    amount=payout._get_value(),
                    limit=limit,
                )
            )
        )
