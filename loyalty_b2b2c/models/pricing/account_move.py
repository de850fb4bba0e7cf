from odoo import models

from .price_guard import plain

#: What decides whose prices, and which, an invoice must have.
_WATCHED = {"partner_id", "currency_id", "fiscal_position_id"}


class AccountMove(models.Model):
    """Price guard: credit notes of managed dealers are reported, never refused."""

    # a file of its own: the guard is another concern
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "account.move"

    def write(self, vals):
        """Look at the lines of a draft again when it becomes another customer's."""
        result = super().write(vals)
        if not _WATCHED.isdisjoint(vals):
            self.invoice_line_ids._check_b2b2c_price()
        return result

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        ladders = self.env["b2b2c.ladder"]
        refunds = posted.filtered(
            lambda move: (
                move.move_type == "out_refund"
                and ladders._get_running(move.company_id.id)
            )
        )
        for refund in refunds:
            plain(refund)._b2b2c_record_credit(self.env.user)
        return posted

    def _b2b2c_record_credit(self, user):
        """Record what a dealer gets back for goods that stay, or above their price."""
        order = self.invoice_line_ids.sale_line_ids.order_id
        standing = order.b2b2c_standing_id[:1] or self.env[
            "b2b2c.ladder.standing"
        ]._of_partner(self.partner_id, self.company_id)
        if not standing or standing.ladder_id.benefit == "bonus":
            return
        lines = []
        for line in self.invoice_line_ids:
            if line.display_type == "product":
                lines += line._b2b2c_credits()
        deviations = self.env["b2b2c.price.deviation"].with_user(user).sudo()
        deviations._record(self, standing, "credit", lines)
