import logging

from odoo import models

from odoo.addons.loyalty_b2b2c.models.pricing.price_guard import (
    TILL,
    find_dealers,
    is_same,
    marked,
    net_price,
    plain,
)

_logger = logging.getLogger(__name__)


class PosOrder(models.Model):
    """Price guard: what a dealer pays at the till is compared with the tier."""

    # a file of its own: the guard is another concern
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "pos.order"

    def _b2b2c_record(self):
        result = super()._b2b2c_record()
        paid = plain(self).filtered(lambda order: order.state in ("paid", "done"))
        dealers = find_dealers(self.env, [order._b2b2c_dealer_key() for order in paid])
        for order in paid:
            if dealer := dealers.get(order._b2b2c_dealer_key()):
                order.with_env(order.env(user=self.env.uid, su=True))._b2b2c_audit(
                    dealer
                )
        return result

    def _create_invoice(self, move_vals):
        """Invoice what was paid, whatever it was: it is compared at the till."""
        with marked(TILL):
            return super()._create_invoice(move_vals)

    def _b2b2c_dealer_key(self):
        return self.company_id.id, self.partner_id.commercial_partner_id.id

    def _b2b2c_audit(self, dealer):
        """Record what a dealer paid less, or more, than by the tier.

        A till is never stopped: what cannot be compared is said in the log.
        """
        try:
            with self.env.cr.savepoint():
                self._b2b2c_record_deviations(dealer)
        except Exception:
            _logger.exception("The prices of %s could not be compared.", self.name)

    def _b2b2c_record_deviations(self, dealer):
        pricelist = self.env["product.pricelist"].browse(dealer.pricelist_id)
        found = []
        for line in self.lines:
            expected = line._b2b2c_expected(pricelist, dealer)
            actual = line._b2b2c_actual()
            if expected is not None and not is_same(actual, expected):
                found.append(
                    {
                        "key": line.id,
                        "name": line.full_product_name or line.product_id.display_name,
                        "product": line.product_id,
                        "quantity": line.qty,
                        "expected": expected,
                        "actual": actual,
                        "currency": self.currency_id,
                    }
                )
        if found:
            standing = self.env["b2b2c.ladder.standing"].browse(dealer.standing_id)
            self.env["b2b2c.price.deviation"]._record(self, standing, "pos", found)


class PosOrderLine(models.Model):
    """Price guard: what a till line must cost a dealer."""

    _inherit = "pos.order.line"

    def _b2b2c_actual(self):
        """Return what a unit cost; of a combination, with all its parts."""
        parts = self.combo_line_ids
        if parts and self.qty:
            return net_price(self) + sum(
                net_price(part) * part.qty / self.qty for part in parts
            )
        return net_price(self)

    def _b2b2c_expected(self, pricelist, dealer):
        """Return what a unit costs by the tier, ``None`` for what has no price."""
        order = self.order_id
        free = order.config_id.tip_product_id
        if "down_payment_product_id" in order.config_id._fields:
            free |= order.config_id.down_payment_product_id
        if self.combo_parent_id or self.product_id in free:
            return None
        if self.refunded_orderline_id:
            return self.refunded_orderline_id._b2b2c_actual()
        if "sale_order_line_id" in self._fields and self.sale_order_line_id:
            return net_price(self.sale_order_line_id)  # guarded there
        is_reward = "is_reward_line" in self._fields and self.is_reward_line
        if is_reward and dealer.rewards:
            return None
        product = self.product_id.with_company(order.company_id)
        context = product._get_product_price_context(self.attribute_value_ids)
        price = pricelist._get_product_price(
            product.with_context(**context),
            self.qty or 1,
            currency=order.currency_id,
            uom=product.uom_id,
            date=order.date_order,
        )
        return product._get_tax_included_unit_price_from_price(
            price,
            product_taxes=product.taxes_id._filter_taxes_by_company(order.company_id),
            fiscal_position=order.fiscal_position_id,
        )
