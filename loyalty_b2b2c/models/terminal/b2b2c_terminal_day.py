from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from ...const import POINTS
from ...exceptions import LoyaltyError
from ...values import shown


class B2b2cTerminalDay(models.Model):
    """What an operator recorded on a day: the counters behind the daily limits.

    A limit is part of the statement that counts.  Reading first and counting then
    would let two requests pass at once.
    """

    _name = "b2b2c.terminal.day"
    _description = "Day of a Terminal Operator"
    _inherit = "b2b2c.closed"
    _log_access = False
    _order = "day desc, id desc"
    _rec_name = "day"

    operator_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    day = fields.Date(required=True, readonly=True)
    operations = fields.Integer(readonly=True)
    amount = fields.Float(digits=False, readonly=True)
    points = fields.Float(**POINTS, readonly=True)

    _once = models.UniqueIndex("(operator_id, company_id, day)")

    @api.model
    def _count_operation(self, operator, company, day, amount):
        """Count one more operation of an operator.

        :param Decimal amount: in the company's currency
        :return: the counting row
        :raise LoyaltyError: a limit of the company would be exceeded
        """
        row = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_terminal_day AS d
                       (operator_id, company_id, day, operations, amount, points)
                SELECT %(operator)s, %(company)s, %(day)s, 1, %(amount)s, 0
                 WHERE (%(most)s = 0 OR %(amount)s <= %(most)s)
                ON CONFLICT (operator_id, company_id, day) DO UPDATE
                   SET operations = d.operations + 1,
                       amount = d.amount + EXCLUDED.amount
                 WHERE (%(times)s = 0 OR d.operations < %(times)s)
                   AND (%(most)s = 0 OR d.amount + EXCLUDED.amount <= %(most)s)
             RETURNING id
                """,
                operator=operator.id,
                company=company.id,
                day=day,
                amount=amount,
                times=company.b2b2c_terminal_day_operations,
                most=company.b2b2c_terminal_day_amount,
            )
        )
        if not row:
            raise LoyaltyError(self._word_limit(operator, company, day))
        self.invalidate_model(flush=False)
        return self.browse(row[0][0])

    def _count_points(self, points):
        """Count the points an operation gave.

        :param Decimal points: of all units together
        :raise LoyaltyError: the company's limit of points would be exceeded
        """
        self.ensure_one()
        limit = self.company_id.b2b2c_terminal_day_points
        row = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_terminal_day SET points = points + %(points)s
                 WHERE id = %(id)s
                   AND (%(limit)s = 0 OR points + %(points)s <= %(limit)s)
             RETURNING id
                """,
                points=points,
                limit=limit,
                id=self.id,
            )
        )
        if not row:
            raise LoyaltyError(
                self.env._(
                    "This would exceed the %s points you may give on a day.",
                    formatLang(self.env, shown(limit), digits=0),
                )
            )
        self.invalidate_recordset(flush=False)

    def _give_back(self, operation):
        """Free what a cancelled operation took; it stays counted as an operation."""
        self.ensure_one()
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_terminal_day d
                   SET amount = d.amount - o.amount, points = d.points - o.points
                  FROM b2b2c_terminal_operation o
                 WHERE d.id = %s AND o.id = %s
             RETURNING d.id
                """,
                self.id,
                operation.id,
            )
        )
        self.invalidate_recordset(flush=False)

    def _word_limit(self, operator, company, day):
        """Return why nothing more can be counted, in a sentence for the operator."""
        counted = self.search(
            [
                ("operator_id", "=", operator.id),
                ("company_id", "=", company.id),
                ("day", "=", day),
            ]
        )
        counted.invalidate_recordset(flush=False)
        times = company.b2b2c_terminal_day_operations
        if times and counted.operations >= times:
            return self.env._("You reached the limit of %s operations a day.", times)
        money = {"currency_obj": company.currency_id}
        return self.env._(
            "This would exceed the %(limit)s you may record on a day; "
            "%(used)s are recorded.",
            limit=formatLang(self.env, company.b2b2c_terminal_day_amount, **money),
            used=formatLang(self.env, counted.amount, **money),
        )
