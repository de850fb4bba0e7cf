from odoo import models
from odoo.exceptions import UserError

from .marks import LADDER, is_marked

_RATIO = {"factor", "relative_factor", "relative_uom_id"}


class UomUom(models.Model):
    """Price guard: what a unit is stays, as prices of dealers are of it."""

    _inherit = "uom.uom"

    def write(self, vals):
        """Refuse another ratio of units in which dealers ordered: a dozen that is one
        piece while it is sold is not one when it is delivered."""
        if not (_RATIO.isdisjoint(vals) or is_marked(LADDER)):
            self._check_b2b2c_ratio()
        return super().write(vals)

    def _check_b2b2c_ratio(self):
        """Check that no dealer ordered in these units, or in units made of them.

        :raise UserError: one did
        """
        units = self.sudo().with_context(active_test=False)
        units = units.search([("id", "child_of", self.ids)])
        line = self.env["sale.order.line"].sudo()
        line = line.search([("b2b2c_net_uom_id", "in", units.ids)], limit=1)
        if line:
            raise UserError(
                self.env._(
                    "Dealers ordered in %s: what it is stays. Make another unit.",
                    line.b2b2c_net_uom_id.name,
                )
            )
