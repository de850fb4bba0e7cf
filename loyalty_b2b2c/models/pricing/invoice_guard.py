"""The price guard of invoices: a dealer's invoice has the prices of its order.

Credit notes are reported, never refused: somebody may have to pay money back.
"""

from odoo.exceptions import ValidationError
from odoo.tools import float_compare

from ..dealers.dealer_lookup import find_dealers_of, of_dealer_companies
from .prices import TOLERANCE, is_same, net_price, plain, price_taxes

INVOICES = ("out_invoice", "out_receipt")
#: Fields that say, or change, what a line costs.
PRICING = (
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


class InvoiceGuard:
    """What ladders say of the prices of invoice lines.

    :param lines: ``account.move.line``
    """

    def __init__(self, lines):
        lines = plain(of_dealer_companies(lines)).filtered(
            lambda line: (
                line.display_type == "product"
                and line.move_id.move_type in INVOICES
                and line.parent_state == "draft"
            )
        )
        self.env = lines.env
        self.dealers = find_dealers_of(lines.move_id)
        #: The lines of draft invoices to managed dealers, as the guard looks at them.
        self.lines = lines.filtered(
            lambda line: (
                line.move_id in self.dealers
                or line.sale_line_ids.order_id.b2b2c_standing_id
            )
        )

    def check(self):
        """Check that lines cost what they must.

        :raise ValidationError: one costs something else
        """
        problems = [problem for line in self.lines if (problem := self.problem(line))]
        if problems:
            raise ValidationError("\n".join(problems))

    def problem(self, line):
        """Return why a line must not cost what it costs, or nothing."""
        sold = line.sale_line_ids[:1]
        if sold.is_downpayment:
            is_right = is_downpayment(line, sold)
        elif sold:
            is_right = self._is_as_sold(line, sold)
        else:
            is_right = self._is_free(line)
        if is_right:
            return None
        return self.env._(
            "%(line)s: prices of %(dealer)s follow from its tier, on invoices too. Ask "
            "for a price exception on the order.",
            line=line.name or line.product_id.display_name or "",
            dealer=line.move_id.commercial_partner_id.name or "",
        )

    def _is_as_sold(self, line, sold):
        """Tell whether a line costs what the line of the order does."""
        if not sold.order_id.b2b2c_standing_id:
            # sold before there was a dealer; the order of somebody else proves nothing
            buyer = sold.order_id.partner_id.commercial_partner_id
            is_own = buyer == line.move_id.commercial_partner_id
            return is_own or self._is_free(line)
        price = net_price(line)
        if line.product_uom_id and line.product_uom_id != sold.product_uom_id:
            price = line.product_uom_id._compute_price(price, sold.product_uom_id)
        if (
            not is_same(price, net_price(sold))
            or line.currency_id != sold.currency_id
            or line.product_id != sold.product_id
            or price_taxes(line.tax_ids) != price_taxes(sold.tax_ids)
        ):
            return False
        owed = min(sold.product_uom_qty, sold.qty_delivered)
        # what came back, or was never ordered, is taken off
        return (
            line.quantity >= 0
            or float_compare(sold.qty_invoiced, owed, precision_digits=2) >= 0
        )

    def _is_free(self, line):
        """Tell whether a line without an order costs at least what an order would."""
        price = net_price(line)
        if price < 0 or line.quantity < 0:
            return False
        move = line.move_id
        dealer = self.dealers.get(move)
        if not line.product_id or not dealer:
            return True
        taxes = line.product_id.taxes_id._filter_taxes_by_company(line.company_id)
        taxes = move.fiscal_position_id.map_tax(taxes)
        if price_taxes(line.tax_ids) != price_taxes(taxes):
            return False
        pricelist = self.env["product.pricelist"].browse(dealer.pricelist_id)
        expected = pricelist._get_product_price(
            line.product_id,
            line.quantity or 1,
            currency=line.currency_id,
            uom=line.product_uom_id,
            date=move.invoice_date or move.date,
        )
        return price >= expected * (1 - TOLERANCE)


def is_downpayment(line, sold):
    """Tell whether not more is taken off than was paid in advance.

    :param sold: the line of the order that was paid in advance
    """
    invoiced = sum(
        other.price_subtotal * (-1 if other.move_id.move_type == "out_refund" else 1)
        for other in sold.invoice_lines
        if other.parent_state != "cancel"
    )
    return line.currency_id.compare_amounts(invoiced, 0) >= 0


# === CREDIT NOTES === #


def record_credits(moves):
    """Record what dealers get back for goods that stay, or above their price.

    :param moves: ``account.move`` that were posted, in the environment of who did
    """
    refunds = plain(of_dealer_companies(moves)).filtered(
        lambda move: move.move_type == "out_refund"
    )
    for refund in refunds:
        standing = get_credited_dealer(refund)
        if not standing or standing.ladder_id.benefit == "bonus":
            continue
        deviations = refund.env["b2b2c.price.deviation"].with_user(moves.env.user)
        lines = refund.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        deviations.sudo()._record(
            refund,
            standing,
            "credit",
            [credit for line in lines for credit in get_credits(line)],
        )


def get_credited_dealer(refund):
    """Return the dealer a credit note is for: of its orders, or of its customer."""
    order = refund.invoice_line_ids.sale_line_ids.order_id
    return order.b2b2c_standing_id[:1] or refund.env[
        "b2b2c.ladder.standing"
    ]._of_partner(refund.partner_id, refund.company_id)


def get_credits(line):
    """Return what a line of a credit note gives away, for deviations."""
    sold, price = line.sale_line_ids[:1], net_price(line)
    if sold.is_downpayment:
        return []
    deviations = []
    kept_quantity = line.quantity
    if sold:
        by_order = sold.product_id.invoice_policy == "order"
        owed = sold.product_uom_qty if by_order else sold.qty_delivered
        kept_quantity = min(line.quantity, owed - sold.qty_invoiced)
        paid = net_price(sold)
        if price > paid and not is_same(price, paid):
            deviations.append(get_deviation(line, "price", -line.quantity, paid, price))
    if kept_quantity > 0 and price:
        deviations.append(get_deviation(line, "kept", kept_quantity, price, 0))
    return deviations


def get_deviation(line, key, quantity, expected, actual):
    """Return a line of a credit note as ``b2b2c.price.deviation`` records it.

    :param str key: why; a line may be there for several reasons
    """
    return {
        "key": f"{line.id}/{key}",
        "name": line.name or "",
        "product": line.product_id,
        "quantity": quantity,
        "expected": expected,
        "actual": actual,
        "currency": line.currency_id,
    }
