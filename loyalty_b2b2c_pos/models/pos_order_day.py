from odoo import SUPERUSER_ID, fields, models

from odoo.addons.loyalty_b2b2c.models.base.harmless import harmless
from odoo.addons.loyalty_b2b2c.models.documents.days import is_earlier_day
from odoo.addons.loyalty_b2b2c.models.documents.set_back import report_set_back
from odoo.addons.loyalty_b2b2c.values import aware

from . import line_kinds


class PosOrder(models.Model):
    """A ticket counts from the day its session was opened, at the earliest.

    Its date is what the till's clock said, and a till may be without a connection for
    a while: but nothing is sold before the session is open.  What code of the system
    tells is history; what a till or a person says is not, see ``sale.order``.
    """

    _inherit = "pos.order"

    # when it was sold, of what has an earlier date, or gets another one
    b2b2c_sold_at = fields.Datetime(
        string="Counts From", copy=False, groups=fields.NO_ACCESS
    )
    # when it was reported that its date is an earlier one
    b2b2c_redated_at = fields.Datetime(
        string="Date Set Back", copy=False, groups=fields.NO_ACCESS
    )

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        self._b2b2c_compare_with_session()
        return result

    def write(self, vals):
        if "date_order" not in vals or self.env.uid == SUPERUSER_ID:
            return super().write(vals)
        before = {
            order: order.date_order
            for order in self.filtered(lambda one: one.state in line_kinds.PAID)
        }
        result = super().write(vals)
        changed = self.filtered(
            lambda one: before.get(one, one.date_order) != one.date_order
        )
        if changed:
            self._b2b2c_keep_sold_at(changed, before)
        return result

    @harmless("The day of %s could not be compared with its session's.")
    def _b2b2c_compare_with_session(self):
        """Keep when tickets were sold whose till says an earlier day."""
        early = self.filtered(lambda one: one._b2b2c_is_too_early())
        if early:
            self._b2b2c_keep_sold_at(early)

    def _b2b2c_is_too_early(self):
        """Tell whether a ticket has an earlier day than the session it is of."""
        session = self.session_id
        if self.env.uid == SUPERUSER_ID or session.rescue or not session.start_at:
            return False  # what a closed session still got is in a rescue session
        return is_earlier_day(
            aware(self.date_order), aware(session.start_at), self.company_id
        )

    @harmless("When tickets were sold could not be kept, writing %s.")
    def _b2b2c_keep_sold_at(self, orders, known=None):
        """Keep when tickets were sold, and report what has an earlier date.

        :param known: dict ticket -> naive UTC; now for those that are not in it
        """
        for order in orders.sudo().filtered(lambda one: not one.b2b2c_sold_at):
            order.b2b2c_sold_at = (known or {}).get(order) or fields.Datetime.now()
        report_set_back(orders)

    def _b2b2c_get_sold_at(self):
        """Return when a ticket was sold (naive UTC)."""
        kept = self.sudo().b2b2c_sold_at
        if not kept or not self.date_order:
            return self.date_order
        is_earlier = is_earlier_day(
            aware(self.date_order), aware(kept), self.company_id
        )
        return kept if is_earlier else self.date_order
