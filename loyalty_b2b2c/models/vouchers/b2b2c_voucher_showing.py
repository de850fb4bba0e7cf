from odoo import api, fields, models
from odoo.tools import SQL


class B2b2cVoucherShowing(models.Model):
    """Who saw the codes of a request, and when: one row each time, never changed."""

    _name = "b2b2c.voucher.showing"
    _description = "Voucher Shown"
    _inherit = "b2b2c.closed"
    _log_access = False
    _order = "id desc"
    _rec_name = "redemption_id"

    redemption_id = fields.Many2one(
        "b2b2c.redemption",
        string="Request",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    member_id = fields.Many2one(related="redemption_id.member_id")
    company_id = fields.Many2one(related="redemption_id.company_id")
    pool_id = fields.Many2one(
        "b2b2c.voucher.pool",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Shown To",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    shown_at = fields.Datetime("Shown On", required=True, readonly=True)

    def init(self):
        """Keep who saw what: append-only for everybody."""
        self._make_append_only()

    @api.model
    def _record(self, request, user):
        """Write down that somebody looks at the codes of a request now."""
        self.env.execute_query(
            SQL(
                """
                INSERT INTO b2b2c_voucher_showing
                       (redemption_id, pool_id, user_id, shown_at)
                VALUES (%s, %s, %s, %s) RETURNING id
                """,
                request.id,
                request.reward_id.voucher_pool_id.id,
                user.id,
                fields.Datetime.now(),
            )
        )
        self.invalidate_model(flush=False)
