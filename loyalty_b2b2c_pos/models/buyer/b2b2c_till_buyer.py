from odoo import api, fields, models
from odoo.tools import SQL

#: Ways in which the server itself saw the person's own code.
PROVED = ("card", "code")


class B2b2cTillBuyer(models.Model):
    """Who showed a card, or named a ticket afterwards, as who bought it: once a ticket.

    Beside the ticket's customer, who is no matter here: a card names who earns, and the
    customer whose price list, invoice and turnover it is.
    """

    _name = "b2b2c.till.buyer"
    _description = "Buyer of a Ticket"
    _inherit = "b2b2c.closed"
    _log_access = False
    _order = "id desc"
    _rec_name = "pos_order_id"

    pos_order_id = fields.Many2one(
        "pos.order", string="Ticket", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    member_id = fields.Many2one(
        "b2b2c.member",
        string="Participant",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    way = fields.Selection(
        [
            ("card", "Showed a card"),
            ("code", "Told a code from an SMS"),
            ("phone", "Told a phone number"),
            ("ticket", "Named the ticket afterwards"),
        ],
        string="How",
        required=True,
        readonly=True,
    )
    named_at = fields.Datetime(required=True, readonly=True)

    _ticket_once = models.UniqueIndex("(pos_order_id)", "A ticket is one person's.")

    @api.model
    def _keep(self, order, member, way):
        """Keep whose ticket it is, unless it is somebody's.

        The unique key decides: of two people who name one ticket at once, the second is
        repeated by Odoo and then finds the first.

        :param order: ``pos.order``
        :param member: ``b2b2c.member``
        :param str way: key of :attr:`way`
        :return: whether it is this member's from now on
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_till_buyer
                       (pos_order_id, company_id, member_id, way, named_at)
                VALUES (%s, %s, %s, %s, %s)
                ON CONFLICT (pos_order_id) DO NOTHING RETURNING id
                """,
                order.id,
                order.company_id.id,
                member.id,
                way,
                fields.Datetime.now(),
            )
        )
        self.invalidate_model()
        return bool(rows)

    @api.model
    def _read_buyers(self, order_ids):
        """Return dict order id -> (id of the member, way), of tickets that have one."""
        rows = self.env.execute_query(
            SQL(
                """SELECT pos_order_id, member_id, way FROM b2b2c_till_buyer
                    WHERE pos_order_id = ANY(%s)""",
                list(order_ids),
            )
        )
        return {order_id: (member_id, way) for order_id, member_id, way in rows}
