from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL, split_every

from odoo.addons.loyalty_b2b2c.models.base.rows import insert_rows

from .line_kinds import PAID
from .ticket_rows import get_row

#: Tickets of sessions that closed longer ago are not caught up.
_DAYS_BACK = 3
_BATCH = 100


class B2b2cTicket(models.Model):
    """What is kept of a till order when it is paid: who sold it, and when it arrived.

    The order itself is written by tills, with what clients say; a row of this is
    written once.  The participant who sold is looked up when the order is processed,
    and from then on it is this one: whoever takes goods back, and whoever is mapped to
    the employee later, what comes back is taken from who was credited.

    A paid order without a row is one that a fault kept from the outbox.
    """

    _name = "b2b2c.ticket"
    _description = "What Was Kept of a Till Order"
    _inherit = "b2b2c.closed"
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "pos.order", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    arrived_at = fields.Datetime(required=True, readonly=True)
    seller_id = fields.Many2one(
        "b2b2c.till.seller", readonly=True, ondelete="set null", index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Participant",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Who is credited, as it was found when the order was processed first.",
    )
    employer_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")

    _once = models.UniqueIndex("(order_id)", "A ticket is kept once.")
    _waiting = models.Index("(seller_id) WHERE partner_id IS NULL")

    # === WHEN IT IS PAID === #

    @api.model
    def _keep(self, orders):
        """Keep who sold paid orders, as their till says.

        :param orders: ``pos.order`` in the environment of who pays
        """
        counting = self.env["b2b2c.source"].sudo()._get_counting_companies()
        sellers = self.env["b2b2c.till.seller"].sudo()
        now = fields.Datetime.now()
        # what code of the system tells is history: it arrived when it happened
        is_history = self.env.uid == SUPERUSER_ID
        rows = [
            {
                "order_id": order.id,
                "company_id": order.company_id.id,
                "arrived_at": order.date_order if is_history else now,
                "seller_id": sellers._get_of_order(order).id or None,
            }
            for order in orders.sudo()
            if order.company_id.id in counting
        ]
        if rows:
            insert_rows(self.sudo(), rows)

    # === WHEN IT IS PROCESSED === #

    @api.model
    def _get_members(self, order):
        """Return the memberships of who sold an order, at the shop where he sells.

        :param order: ``pos.order``, stored or imagined
        """
        members = self.env["b2b2c.member"].with_context(active_test=False)
        row = get_row(order)
        if row is None or not row.seller_id:
            return members.browse()
        partner_id, employer_id = row.partner_id, row.employer_id
        if not partner_id:
            partner_id, employer_id = self._find_participant(order, row.seller_id)
        if not partner_id:
            return members.browse()
        domain = [("partner_id", "=", partner_id), ("employer_id", "=", employer_id)]
        return members.search(domain, order="enrolled_at, id")

    def _find_participant(self, order, seller_id):
        """Return who sold an order: ids of person and employer, ``None`` for nobody."""
        order, seller = order.sudo(), self.env["b2b2c.till.seller"].browse(seller_id)
        user = order.session_id.user_id or order.user_id
        return seller._find_participant(order.config_id, user)

    @api.model
    def _settle(self, order_ids):
        """Keep which participants sold orders, before they are processed.

        Who has none may be found later: by a manager, or because he joins.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT order_id, seller_id FROM b2b2c_ticket
                    WHERE order_id = ANY(%s) AND seller_id IS NOT NULL
                      AND partner_id IS NULL""",
                list(order_ids),
            )
        )
        for order_id, seller_id in rows:
            order = self.env["pos.order"].browse(order_id)
            partner_id, employer_id = self._find_participant(order, seller_id)
            if partner_id:
                self.env.cr.execute(
                    SQL(
                        """UPDATE b2b2c_ticket SET partner_id = %s, employer_id = %s
                            WHERE order_id = %s AND partner_id IS NULL""",
                        partner_id,
                        employer_id,
                        order_id,
                    )
                )
        self.invalidate_model(["partner_id", "employer_id"])

    # === CRON === #

    @api.model
    def _cron_catch_up(self):
        """Tell the outbox of paid orders that a fault kept from it."""
        counting = self.env["b2b2c.source"]._get_counting_companies()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id FROM pos_session s
                  JOIN pos_order o ON o.session_id = s.id
             LEFT JOIN b2b2c_ticket t ON t.order_id = o.id
                 WHERE (s.state != 'closed' OR s.stop_at > %s)
                   AND o.state = ANY(%s) AND o.company_id = ANY(%s) AND t.id IS NULL
              ORDER BY o.id
                """,
                fields.Datetime.now() - timedelta(days=_DAYS_BACK),
                list(PAID),
                list(counting),
                to_flush=self.env["pos.order"]._fields["state"],
            )
        )
        ids = [order_id for (order_id,) in rows]
        for done, batch in enumerate(split_every(_BATCH, ids), start=1):
            for order in self.env["pos.order"].browse(batch):
                order._b2b2c_remember()
                order._b2b2c_record("paid")
            left = max(len(ids) - done * _BATCH, 0)
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=left):
                break
