from odoo import api, fields, models
from odoo.exceptions import UserError

from .set_back import report_set_back


class SaleOrder(models.Model):
    """An order counts on the day it was confirmed, whatever date is written later.

    What code tells without a user's rights, a loader of another system's history for
    instance, is history; what a person writes is not.
    """

    _inherit = "sale.order"

    b2b2c_confirmed_at = fields.Datetime(
        string="Counts From",
        readonly=True,
        copy=False,
        help="When the order was confirmed: points, limits and volumes count it then. "
        "Loyalty managers may import it with orders of another system.",
    )
    b2b2c_redated_at = fields.Datetime(
        string="Date Set Back",
        readonly=True,
        copy=False,
        help="When it was reported that the date of the order became an earlier one.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._b2b2c_check_told(set().union(*vals_list))
        if not self.env.su:
            told = {"b2b2c_confirmed_at": fields.Datetime.now()}
            vals_list = [
                {**told, **vals} if vals.get("state") == "sale" else vals
                for vals in vals_list
            ]
        orders = super().create(vals_list)
        report_set_back(orders.filtered(lambda order: order.state == "sale"))
        return orders

    def write(self, vals):
        self._b2b2c_check_told(vals.keys())
        if vals.keys().isdisjoint(("state", "date_order")):
            return super().write(vals)
        confirmed = self.filtered(lambda order: order.state == "sale")
        if vals.get("state") == "sale" and not confirmed:
            at = vals.get("date_order") if self.env.su else None
            told = {"b2b2c_confirmed_at": at or fields.Datetime.now()}
        elif "date_order" in vals and self.env.su:
            told = {"b2b2c_confirmed_at": vals["date_order"]} if confirmed else {}
        else:
            told = {}
            confirmed._b2b2c_keep_confirmed_at()
        result = super().write({**told, **vals})
        report_set_back(confirmed)
        return result

    def _b2b2c_check_told(self, names):
        """Refuse that somebody else than a loyalty manager says when orders count.

        :raise UserError: ``names`` of fields say it
        """
        told = not {"b2b2c_confirmed_at", "b2b2c_redated_at"}.isdisjoint(names)
        may_tell = self.env.su or self.env.user.has_group("loyalty_b2b2c.group_manager")
        if told and not may_tell:
            raise UserError(
                self.env._("When an order counts follows from when it was confirmed.")
            )

    def _b2b2c_keep_confirmed_at(self):
        """Keep the dates of orders that were confirmed before we looked."""
        for order in self.filtered(lambda order: not order.b2b2c_confirmed_at):
            order.sudo().b2b2c_confirmed_at = order.date_order

    # === WHEN IT COUNTS === #

    def _b2b2c_get_ordered_at(self):
        """Return when an order was made (naive UTC): when it was confirmed, of a
        quotation its date."""
        self.ensure_one()
        kept = self.b2b2c_confirmed_at if self.state == "sale" else None
        return kept or self.date_order or fields.Datetime.now()
