from odoo import api, fields, models
from odoo.tools import SQL


class B2b2cTerminalLookup(models.Model):
    """How often an operator searched in vain within the hour.

    The counter is shared by all workers and committed with the answer "not found", so
    the phone book cannot be tried out.
    """

    _name = "b2b2c.terminal.lookup"
    _description = "Searches of a Terminal Operator"
    _inherit = "b2b2c.closed"
    _log_access = False
    _rec_name = "operator_id"

    operator_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    since = fields.Datetime(required=True, readonly=True)
    failed = fields.Integer(readonly=True)

    _once = models.UniqueIndex("(operator_id, company_id)")

    @api.model
    def _take(self, operator, company):
        """Take one of the searches an operator may do in vain.

        Taken before the search, so that searches at the same time cannot all pass;
        :meth:`_give_back` returns it when somebody was found.

        :return: whether there was one left
        """
        limit = company.b2b2c_terminal_lookups
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO b2b2c_terminal_lookup AS l
                           (operator_id, company_id, since, failed)
                    VALUES (%(operator)s, %(company)s, %(now)s, 1)
                    ON CONFLICT (operator_id, company_id) DO UPDATE
                       SET since = CASE WHEN l.since <= %(now)s - interval '1 hour'
                                        THEN %(now)s ELSE l.since END,
                           failed = CASE WHEN l.since <= %(now)s - interval '1 hour'
                                         THEN 1 ELSE l.failed + 1 END
                     WHERE %(limit)s = 0 OR l.failed < %(limit)s
                        OR l.since <= %(now)s - interval '1 hour'
                 RETURNING id
                    """,
                    operator=operator.id,
                    company=company.id,
                    now=fields.Datetime.now(),
                    limit=limit,
                )
            )
        )

    @api.model
    def _give_back(self, operator, company):
        """Return a search that found somebody."""
        self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_terminal_lookup SET failed = failed - 1
                 WHERE operator_id = %s AND company_id = %s AND failed > 0
             RETURNING id
                """,
                operator.id,
                company.id,
            )
        )
