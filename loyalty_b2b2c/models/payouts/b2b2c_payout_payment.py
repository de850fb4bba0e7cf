from odoo import api, fields, models
from odoo.tools import SQL

from ..base.rows import insert_rows


class B2b2cPayoutPayment(models.Model):
    """The one payment of a payout: its row is there before the payment is.

    Whatever happens, clicks, repeated requests or code that forgot to ask, the unique
    key lets no second payment come into being.
    """

    _name = "b2b2c.payout.payment"
    _description = "Payment of a Payout"
    _inherit = "b2b2c.closed"
    _rec_name = "payout_id"

    payout_id = fields.Many2one(
        "b2b2c.payout", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    payment_id = fields.Many2one(
        "account.payment", readonly=True, ondelete="restrict", index="btree_not_null"
    )

    _once = models.UniqueIndex("(payout_id)")

    @api.model
    def _take(self, payout):
        """Take the place of the one payment of a payout.

        :return: whether nobody took it before
        """
        row = {"payout_id": payout.id, "company_id": payout.company_id.id}
        return bool(insert_rows(self, [row]))

    @api.model
    def _keep(self, payout, payment):
        """Write down which payment it is."""
        self.env.execute_query(
            SQL(
                """UPDATE b2b2c_payout_payment SET payment_id = %s
                    WHERE payout_id = %s AND payment_id IS NULL RETURNING id""",
                payment.id,
                payout.id,
            )
        )
        self.invalidate_model()
