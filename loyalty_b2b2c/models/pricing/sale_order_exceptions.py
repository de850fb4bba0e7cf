from odoo import models
from odoo.exceptions import UserError

from .order_guard import OrderGuard


class SaleOrder(models.Model):
    """How to ask for another price than that of the tier, from the order."""

    _inherit = "sale.order"

    def action_b2b2c_exception(self):
        """Ask for another price: open a draft with the lines of this order."""
        self._b2b2c_check_managed()
        exceptions = self.env["b2b2c.price.exception"]
        exception = exceptions.create(exceptions._get_draft(self))
        return dict(self._b2b2c_open_exceptions(), res_id=exception.id)

    def action_b2b2c_ask_exception(self):
        """Open a request for another price that is not stored before it is saved."""
        self._b2b2c_check_managed()
        form = self.env.ref("loyalty_b2b2c.b2b2c_price_exception_view_form_new")
        return dict(
            self._b2b2c_open_exceptions(),
            views=[(form.id, "form")],
            target="new",
            context={"default_order_id": self.id, "dialog_size": "extra-large"},
        )

    def action_b2b2c_exceptions(self):
        """Open what was asked for on this order."""
        self.ensure_one()
        self.check_access("read")
        return dict(
            self._b2b2c_open_exceptions(),
            views=[(False, "list"), (False, "form")],
            domain=[("order_id", "=", self.id)],
        )

    def _b2b2c_check_managed(self):
        """Check that somebody may ask for another price of this order.

        :raise UserError: its prices follow from no ladder
        """
        self.ensure_one()
        self.check_access("write")
        if not OrderGuard(self).is_managed():
            raise UserError(
                self.env._(
                    "%s is no order of a dealer: its prices are free.", self.name
                )
            )

    def _b2b2c_open_exceptions(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Price Exceptions"),
            "res_model": "b2b2c.price.exception",
            "views": [(False, "form")],
        }
