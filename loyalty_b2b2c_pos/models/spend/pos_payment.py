from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.loyalty_b2b2c.models.pricing.marks import is_marked

from .. import line_kinds
from .pos_payment_method import POINTS

#: A ticket is written down as it was rung up, paid already.
RINGING = "ringing"
#: What a payment says; the rest of it core writes when it closes and invoices.
_SAID = {"amount", "payment_method_id", "pos_order_id", "uuid", "is_change"}


class PosPayment(models.Model):
    """Adapter: points that were paid stay paid, and come back by a refund only.

    Whoever may edit payments would otherwise swap cash for points without asking the
    ledger, or points for cash.
    """

    _inherit = "pos.payment"

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        late = payments._b2b2c_of_points()._b2b2c_of_paid_orders()
        if late:
            if not is_marked(RINGING):
                late._b2b2c_refuse()
            late._b2b2c_record()
        return payments

    def write(self, vals):
        if not _SAID.isdisjoint(vals):
            self._b2b2c_check_open()
        result = super().write(vals)
        if not {"payment_method_id", "pos_order_id"}.isdisjoint(vals):
            self._b2b2c_check_open()  # it may have become one of points just now
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid_points(self):
        self._b2b2c_check_open()
        points = self._b2b2c_of_points()
        self.env["b2b2c.till.payment"]._leave("uuid", points.mapped("uuid"))

    def _b2b2c_of_points(self):
        """Return which of these were made in points."""
        return self.filtered(
            lambda payment: payment.payment_method_id.use_payment_terminal == POINTS
        )

    def _b2b2c_of_paid_orders(self):
        return self.filtered(
            lambda payment: payment.pos_order_id.state in line_kinds.PAID
        )

    def _b2b2c_check_open(self):
        """Refuse to change points of a ticket that is paid.

        :raise UserError: one of these is
        """
        if self._b2b2c_of_points()._b2b2c_of_paid_orders():
            self._b2b2c_refuse()

    def _b2b2c_refuse(self):
        """Refuse to edit what was paid in points.

        :raise UserError: always
        """
        raise UserError(
            self.env._(
                "What was paid in points cannot be changed afterwards, and nothing "
                "else can be made points. Take the goods back instead: the points "
                "come back with the refund."
            )
        )

    def _b2b2c_record(self):
        """Remember that these have to be settled with the ledger."""
        self.env["b2b2c.event"]._record(self)
