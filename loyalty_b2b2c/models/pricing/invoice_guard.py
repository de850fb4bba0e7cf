"""The price guard of invoices: a dealer's invoice has the prices of its order.

Drafts are looked at when they are written, and all of an invoice when it is posted
(:mod:`.posted_invoices`), whatever way led there.  Credit notes are reported, never
refused: somebody may have to pay money back.
"""

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

from ..dealers.dealer_lookup import find_dealers_of, of_dealer_companies
from .line_guard import is_whole
from .prices import (
    TOLERANCE,
    get_product_taxes,
    is_same,
    net_price,
    plain,
    price_taxes,
)
from .units import get_ratio, is_more

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
#: Amounts in the books, which follow from prices and terms.
AMOUNTS = {
    "amount_currency",
    "balance",
    "credit",
    "debit",
    "discount_amount_currency",
    "discount_date",
}


class InvoiceGuard:
    """What ladders say of the prices of invoice lines.

    :param lines: ``account.move.line``
    :param str state: of the invoices that are looked at
    """

    def __init__(self, lines, state="draft"):
        lines = plain(of_dealer_companies(lines)).filtered(
            lambda line: (
                line.display_type == "product"
                and line.move_id.move_type in INVOICES
                and line.parent_state == state
            )
        )
        self.env = lines.env
        self.dealers = find_dealers_of(lines.move_id)
        #: The lines of invoices to managed dealers, as the guard looks at them.
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
        # each of several order lines must allow it: one of them may be a stranger's
        if line.sale_line_ids:
            is_right = all(self._is_right(line, sold) for sold in line.sale_line_ids)
        else:
            is_right = self.is_free(line)
        if is_right:
            return None
        return self.env._(
            "%(line)s: prices of %(dealer)s follow from its tier, on invoices too. Ask "
            "for a price exception on the order.",
            line=line.name or line.product_id.display_name or "",
            dealer=line.move_id.partner_id.commercial_partner_id.name or "",
        )

    def _is_right(self, line, sold):
        """Tell whether a line costs what a line of an order lets it cost.

        The order of somebody else proves nothing, nor does one that is not confirmed.
        """
        if sold.is_downpayment and not line.product_id:
            return is_downpayment(line, sold)
        if sold.order_id.state != "sale" or not is_own(line.move_id, sold.order_id):
            return self.is_free(line)
        if not self._is_as_sold(line, sold):
            return not sold.order_id.b2b2c_standing_id and self.is_free(line)
        return not is_beyond(line, sold) or self.is_free(line)

    def _is_as_sold(self, line, sold):
        """Tell whether a line costs what the line of the order does."""
        price = net_price(line) / get_ratio(line.product_uom_id, line.product_id)
        paid = net_price(sold) / get_ratio(sold.product_uom_id, sold.product_id)
        if (
            not is_same(price, paid)
            or line.currency_id != sold.currency_id
            or line.product_id != sold.product_id
            or not is_whole(sold)
            or price_taxes(line.tax_ids) != price_taxes(sold.tax_ids)
        ):
            return False
        owed = min(sold.product_uom_qty, sold.qty_delivered)
        # what came back, or was never ordered, is taken off
        return (
            line.quantity >= 0
            or float_compare(sold.qty_invoiced, owed, precision_digits=2) >= 0
        )

    def is_free(self, line):
        """Tell whether a line costs at least what an order of today would."""
        price = net_price(line)
        if price < 0 or line.quantity < 0:
            return False
        move = line.move_id
        if not line.product_id or move not in self.dealers:
            return True
        taxes = move.fiscal_position_id.map_tax(get_product_taxes(line))
        if price_taxes(line.tax_ids) != price_taxes(taxes):
            return False
        return price >= self.get_price_today(line) * (1 - TOLERANCE)

    def get_price_today(self, line):
        """Return what a unit of a line costs by the tier of its customer today.

        :return: ``None`` for who is no dealer, and for what is no product
        """
        dealer = self.dealers.get(line.move_id)
        if not dealer or not line.product_id:
            return None
        pricelist = self.env["product.pricelist"].browse(dealer.pricelist_id)
        return get_list_price(line, pricelist)


def get_list_price(line, pricelist):
    """Return what a unit of an invoice line costs by a price list today.

    Not on the date of the invoice, which people choose.
    """
    price = pricelist._get_product_price(
        line.product_id,
        line.quantity or 1,
        currency=line.currency_id,
        uom=line.product_uom_id,
        date=fields.Datetime.now(),
    )
    return line.product_id._get_tax_included_unit_price_from_price(
        price,
        product_taxes=get_product_taxes(line),
        fiscal_position=line.move_id.fiscal_position_id,
    )


# === ORDERS THAT INVOICES NAME === #


def get_buyers(order):
    """Return for which companies an order was bought: then, and as it reads today."""
    source = order.env["b2b2c.source"]._for_model("sale.order")
    parties = source._get_parties(order)
    return parties.buyer_company | order.partner_id.commercial_partner_id


def is_own(move, order):
    """Tell whether an order is of who is invoiced, or of dealers it counts with."""
    payer = move.partner_id.commercial_partner_id
    if payer in get_buyers(order):
        return True
    return payer in get_group(order)


def was_sold_to_dealer(move, order):
    """Tell whether an order was compared with the tier of who is invoiced."""
    if not order.b2b2c_standing_id or order.b2b2c_was_free:
        return False
    payer = move.partner_id.commercial_partner_id
    source = order.env["b2b2c.source"]._for_model("sale.order")
    buyer = source._get_parties(order).buyer_company
    return payer == buyer or payer in get_group(order)


def get_group(order):
    """Return the companies of the dealers that count together with who bought."""
    standing = order.b2b2c_standing_id
    partners = order.env["res.partner"]
    return standing._get_group().partner_id if standing else partners


def is_beyond(line, sold):
    """Tell whether an order line is invoiced beyond what was ordered and delivered."""
    if line.quantity <= 0:
        return False
    return is_more(sold.qty_invoiced, max(sold.product_uom_qty, sold.qty_delivered))


def get_advance_left(sold, states=("draft", "posted")):
    """Return what is left of what was paid in advance.

    :param sold: the line of the order that was paid in advance
    :param states: of the invoices and notes that count
    """
    return sum(
        other.price_subtotal * (-1 if other.move_id.move_type == "out_refund" else 1)
        for other in sold.invoice_lines
        if other.parent_state in states
    )


def is_downpayment(line, sold):
    """Tell whether not more is taken off than was paid in advance.

    :param sold: the line of the order that was paid in advance
    """
    return (
        is_own(line.move_id, sold.order_id)
        and line.currency_id.compare_amounts(get_advance_left(sold), 0) >= 0
    )
