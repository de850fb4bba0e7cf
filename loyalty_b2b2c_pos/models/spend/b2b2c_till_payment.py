from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.loyalty_b2b2c.models.base.harmless import harmless

#: By what payments are left: their own identity, their ticket's, or their session.
_COLUMNS = ("uuid", "order_uuid", "session_id")


class B2b2cTillPayment(models.Model):
    """A payment in points that a till asked for, from the question on.

    The till names it by the identity of its payment line, before the server knows the
    ticket, so whatever becomes of the answer, asking again is asking the same.  A row
    is there also for what was taken back before it was reserved: the question may be
    on its way still, and must find that out when it arrives.
    """

    _name = "b2b2c.till.payment"
    _description = "Payment in Points at a Till"
    _inherit = "b2b2c.closed"
    _log_access = False
    _order = "id desc"
    _rec_name = "uuid"

    uuid = fields.Char("Identity", required=True, readonly=True)
    order_uuid = fields.Char("Identity of the Ticket", readonly=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    session_id = fields.Many2one(
        "pos.session", required=True, readonly=True, index=True, ondelete="restrict"
    )
    spend_id = fields.Many2one(
        "b2b2c.spend", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("open", "Reserved"),
            ("leaving", "Being taken back"),
            ("left", "Taken back"),
            ("paid", "Paid"),
        ],
        required=True,
        readonly=True,
        string="Status",
    )
    asked_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex("(uuid)", "A payment is asked for once.")
    _waiting = models.Index("(session_id) WHERE state IN ('open', 'leaving')")

    # === ASKING === #

    @api.model
    def _open(self, session, uuid, order_uuid):
        """Note that a till asks for a payment.

        :param session: ``pos.session``, open
        :param str uuid: identity of the payment line
        :param str order_uuid: identity of its ticket
        :return: the row
        :raise UserError: it was taken back, paid, or is another company's
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_till_payment AS p
                       (uuid, order_uuid, session_id, company_id, state, asked_at)
                VALUES (%s, %s, %s, %s, 'open', %s)
                ON CONFLICT (uuid) DO UPDATE
                   SET order_uuid = excluded.order_uuid,
                       session_id = excluded.session_id, state = 'open'
                 WHERE p.state IN ('open', 'leaving')
                   AND p.company_id = excluded.company_id
             RETURNING id
                """,
                uuid,
                order_uuid,
                session.id,
                session.company_id.id,
                fields.Datetime.now(),
            )
        )
        if not rows:
            raise UserError(
                self.env._("This payment is over. Begin a new line of points.")
            )
        self.invalidate_model()
        return self.browse(rows[0][0])

    def _set_spend(self, spend):
        """Note what was reserved for this payment."""
        self._update(SQL("spend_id = %s", spend.id))

    @api.model
    def _find(self, uuid):
        """Return the payment with an identity, empty when no till asked for it."""
        return self.search([("uuid", "=", uuid)], limit=1)

    # === ENDING === #

    @api.model
    def _take_back(self, session, uuid):
        """Give up a payment for good, whether it was reserved or not.

        :return: whether it is given up; not what a paid ticket was paid with
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_till_payment AS p
                       (uuid, session_id, company_id, state, asked_at)
                VALUES (%s, %s, %s, 'left', %s)
                ON CONFLICT (uuid) DO UPDATE SET state = 'left'
                 WHERE p.state <> 'paid' AND p.company_id = excluded.company_id
             RETURNING id
                """,
                uuid,
                session.id,
                session.company_id.id,
                fields.Datetime.now(),
            )
        )
        self.invalidate_model()
        for (row_id,) in rows:
            self.browse(row_id)._release()
        return bool(rows)

    @api.model
    def _leave(self, column, values):
        """Mark what is given up with a line, a ticket or a session.

        For adapters: what is reserved is freed from the outbox. Never raises.

        :param str column: by what, see :data:`_COLUMNS`
        :param values: its values
        """
        values = [value for value in values if value]
        if column in _COLUMNS and values:
            self._mark_leaving(column, values)

    @harmless("Points that are given up could not be told yet: %s")
    @api.model
    def _mark_leaving(self, column, values):
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE b2b2c_till_payment SET state = 'leaving'
                 WHERE %s = ANY(%s) AND state = 'open' RETURNING id
                """,
                SQL.identifier(column),
                values,
            )
        )
        self.invalidate_model()
        leaving = self.browse(row_id for (row_id,) in rows)
        self.env["b2b2c.event"]._record(leaving)

    def _release(self):
        """Free what is reserved for these payments, if anything."""
        self.spend_id._release()
        self._update(SQL("state = 'left'"))

    def _set_paid(self):
        """Note that a ticket was paid with these."""
        self._update(SQL("state = 'paid'"))

    def _update(self, assignment):
        if not self:
            return
        self.env.execute_query(
            SQL(
                "UPDATE b2b2c_till_payment SET %s WHERE id = ANY(%s) RETURNING id",
                assignment,
                self.ids,
            )
        )
        self.invalidate_recordset()

    # === SWEEPING === #

    @api.model
    def _cron_sweep(self):
        """Free what waits for tickets that nobody brings any more.

        A till that was switched off with a ticket on its screen keeps points for so
        long; when the ticket arrives all the same, they are taken if they are there.
        """
        hours = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("loyalty_b2b2c_pos.hours_reserved", "12")
        )
        hours = int(hours) if hours.isdecimal() else 12
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=hours)
        old = self.sudo().search([("state", "=", "open"), ("asked_at", "<", since)])
        self._leave("uuid", old.mapped("uuid"))
