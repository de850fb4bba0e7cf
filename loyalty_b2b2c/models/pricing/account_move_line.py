from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from .price_guard import (
    EXPENSE,
    TILL,
    TOLERANCE,
    find_dealers,
    is_marked,
    is_same,
    marked,
    net_price,
    plain,
    price_taxes,
)

_INVOICES = ("out_invoice", "out_receipt")
_PRICING = (
    "price_unit",
    "discount",
    "quantity",
    "product_id",
    "product_uom_id",
    "tax_ids",
    "sale_line_ids",
    "display_type",
    "extra_tax_data",
)


class AccountMoveLine(models.Model):
    """Price guard: an invoice of a managed dealer has the prices of its order."""

    # a file of its own: the guard is another concern
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "account.move.line"

    @api.constrains(*_PRICING)
    def _check_b2b2c_price(self):
        problems = [line._b2b2c_wrong() for line in self._b2b2c_guarded()]
        if any(problems):
            raise ValidationError("\n".join(filter(None, problems)))

    def _b2b2c_guarded(self):
        """Return the lines of draft invoices to managed dealers."""
        if is_marked(TILL):
            return self.browse()
        ladders = self.env["b2b2c.ladder"]
        lines = plain(
            self.filtered(
                lambda line: (
                    line.display_type == "product"
                    and line.move_id.move_type in _INVOICES
                    and line.parent_state == "draft"
                    and ladders._get_running(line.company_id.id)
                )
            )
        )
        keys = {
            line: (line.company_id.id, line.move_id.commercial_partner_id.id)
            for line in lines
        }
        dealers = find_dealers(self.env, keys.values())
        return lines.filtered(
            lambda line: (
                keys[line] in dealers or line.sale_line_ids.order_id.b2b2c_standing_id
            )
        )

    def _b2b2c_wrong(self):
        """Return why this line must not cost what it costs, or nothing."""
        sold = self.sale_line_ids[:1]
        if sold.is_downpayment:
            is_right = self._b2b2c_is_downpayment(sold)
        elif sold:
            is_right = self._b2b2c_is_as_sold(sold)
        else:
            is_right = self._b2b2c_is_free()
        if is_right:
            return None
        return self.env._(
            "%(line)s: prices of %(dealer)s follow from its tier, on invoices too. Ask "
            "for a price exception on the order.",
            line=self.name or self.product_id.display_name or "",
            dealer=self.move_id.commercial_partner_id.name or "",
        )

    def _b2b2c_is_downpayment(self, sold):
        """Tell whether not more is taken off than was paid in advance."""
        invoiced = sum(
            line.price_subtotal * (-1 if line.move_id.move_type == "out_refund" else 1)
            for line in sold.invoice_lines
            if line.parent_state != "cancel"
        )
        return self.currency_id.compare_amounts(invoiced, 0) >= 0

    def _b2b2c_is_as_sold(self, sold):
        """Tell whether this costs what the line of the order does."""
        if not sold.order_id.b2b2c_standing_id:
            # sold before there was a dealer; the order of somebody else proves nothing
            buyer = sold.order_id.partner_id.commercial_partner_id
            is_own = buyer == self.move_id.commercial_partner_id
            return is_own or self._b2b2c_is_free()
        price = net_price(self)
        if self.product_uom_id and self.product_uom_id != sold.product_uom_id:
            price = self.product_uom_id._compute_price(price, sold.product_uom_id)
        if (
            not is_same(price, net_price(sold))
            or self.currency_id != sold.currency_id
            or self.product_id != sold.product_id
            or price_taxes(self.tax_ids) != price_taxes(sold.tax_ids)
        ):
            return False
        owed = min(sold.product_uom_qty, sold.qty_delivered)
        # what came back, or was never ordered, is taken off
        return (
            self.quantity >= 0
            or float_compare(sold.qty_invoiced, owed, precision_digits=2) >= 0
        )

    def _b2b2c_is_free(self):
        """Tell whether a line without an order costs at least what an order would."""
        price = net_price(self)
        if price < 0 or self.quantity < 0:
            return False
        standing = self.env["b2b2c.ladder.standing"]._of_partner(
            self.move_id.partner_id, self.company_id
        )
        pricelist = standing.tier_id.pricelist_id
        if not self.product_id or not pricelist:
            return True
        taxes = self.product_id.taxes_id._filter_taxes_by_company(self.company_id)
        taxes = self.move_id.fiscal_position_id.map_tax(taxes)
        if price_taxes(self.tax_ids) != price_taxes(taxes):
            return False
        expected = pricelist._get_product_price(
            self.product_id,
            self.quantity or 1,
            currency=self.currency_id,
            uom=self.product_uom_id,
            date=self.move_id.invoice_date or self.move_id.date,
        )
        return price >= expected * (1 - TOLERANCE)

    # === CRUD METHODS === #

    def write(self, vals):
        """Keep what binds a dealer's invoice to the order."""
        if "sale_line_ids" not in vals:
            return super().write(vals)
        before = {line: line.sale_line_ids for line in self._b2b2c_guarded()}
        result = super().write(vals)
        if any(sold - line.sale_line_ids for line, sold in before.items()):
            raise UserError(self.env._("An invoice of a dealer stays with its order."))
        return result

    def _sale_create_reinvoice_sale_line(self):
        """Let core pass costs on: a bill of a vendor proves them, not a salesperson."""
        with marked(EXPENSE):
            return super()._sale_create_reinvoice_sale_line()

    # === CREDIT NOTES === #

    def _b2b2c_credits(self):
        """Return what this line of a credit note gives away, for deviations."""
        sold, price = self.sale_line_ids[:1], net_price(self)
        if sold.is_downpayment:
            return []
        found = []
        kept = self.quantity
        if sold:
            by_order = sold.product_id.invoice_policy == "order"
            owed = sold.product_uom_qty if by_order else sold.qty_delivered
            kept = min(self.quantity, owed - sold.qty_invoiced)
            paid = net_price(sold)
            if price > paid and not is_same(price, paid):
                back = -self.quantity
                found.append(self._b2b2c_deviation("price", back, paid, price))
        if kept > 0 and price:
            found.append(self._b2b2c_deviation("kept", kept, price, 0))
        return found

    def _b2b2c_deviation(self, key, quantity, expected, actual):
        """Return this line for ``b2b2c.price.deviation``."""
        return {
            "key": f"{self.id}/{key}",
            "name": self.name or "",
            "product": self.product_id,
            "quantity": quantity,
            "expected": expected,
            "actual": actual,
            "currency": self.currency_id,
        }
