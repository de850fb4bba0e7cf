import functools

from odoo import api, fields, models, modules
from odoo.tools import SQL

_KEEP_DAYS = 30


class B2b2cReportedDay(models.Model):
    """How much a system reported on a day that nobody looked at first.

    The limit is a part of the statement that counts: of documents that come at once,
    no more pass than the day has room for.  Days are those of the server's clock,
    whatever a document says about its own.
    """

    _name = "b2b2c.reported.day"
    _description = "Reported on a Day"
    _inherit = "b2b2c.closed"
    _log_access = False
    _rec_name = "scope"

    scope = fields.Char(required=True, readonly=True)
    day = fields.Date(required=True, readonly=True)
    quantity = fields.Float(required=True, readonly=True, digits=0)
    amount = fields.Float(required=True, readonly=True, digits=0)

    _once = models.UniqueIndex("(scope, day)")

    @api.model
    def _take(self, mandate, quantity, amount):
        """Count a document, unless the day has no room for it.

        It is given back when this transaction is rolled back.

        :param mandate: :class:`~.mandate.Mandate`
        :param quantity, amount: Decimal
        :return: whether it was counted
        """
        day = fields.Date.today()
        query = SQL(
            """
            INSERT INTO b2b2c_reported_day AS d (scope, day, quantity, amount)
            SELECT %(scope)s, %(day)s, %(quantity)s, %(amount)s
             WHERE (%(most)s = 0 OR %(quantity)s <= %(most)s)
               AND (%(dearest)s = 0 OR %(amount)s <= %(dearest)s)
            ON CONFLICT (scope, day) DO UPDATE
               SET quantity = d.quantity + excluded.quantity,
                   amount = d.amount + excluded.amount
             WHERE (%(most)s = 0 OR d.quantity + excluded.quantity <= %(most)s)
               AND (%(dearest)s = 0 OR d.amount + excluded.amount <= %(dearest)s)
         RETURNING id
            """,
            scope=mandate.scope,
            day=day,
            quantity=quantity,
            amount=amount,
            most=mandate.day_quantity,
            dearest=mandate.day_amount,
        )
        # a key that many tills share would stop them if they waited for each other
        with self.env["b2b2c.hour.count"]._open_counter() as cr:
            cr.execute(query)
            taken = bool(cr.rowcount)
        if taken and not modules.module.current_test:  # there it is this transaction
            give_back = functools.partial(
                self._give_back, mandate, quantity, amount, day
            )
            self.env.cr.postrollback.add(give_back)
        return taken

    @api.model
    def _give_back(self, mandate, quantity, amount, day=None):
        """Forget a document that was counted and came to nothing."""
        query = SQL(
            """
            UPDATE b2b2c_reported_day
               SET quantity = greatest(quantity - %s, 0),
                   amount = greatest(amount - %s, 0)
             WHERE scope = %s AND day = %s
            """,
            quantity,
            amount,
            mandate.scope,
            day or fields.Date.today(),
        )
        with self.env["b2b2c.hour.count"]._open_counter() as cr:
            cr.execute(query)

    @api.autovacuum
    def _gc_days(self):
        """Forget what was counted a month ago."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM b2b2c_reported_day WHERE day < %s",
                fields.Date.subtract(fields.Date.today(), days=_KEEP_DAYS),
            )
        )
