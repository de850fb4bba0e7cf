"""What was kept back of an invoice for paying early is a lower price of its lines."""

from dataclasses import replace

from ...engine import to_fraction
from ...engine.measuring import NOTE
from ...engine.sharing import Figures
from . import books, cards


def add_to(charge, move):
    """Return a charge, and what was kept back of it: money without pieces.

    :param charge: ``engine.measuring.Charge`` of a line of ``move``
    :param move: the invoice or note
    :return: list of one charge or two
    """
    kept_back = books.get_paid(move).kept_back
    lowering = _get_shares(move, kept_back) if kept_back else None
    if not lowering:
        return [charge]
    figures = charge.figures.times(lowering).scaled(-1)
    return [charge, replace(charge, kind=NOTE, figures=figures)]


def _get_shares(move, kept_back):
    """Return which share of a line of an invoice an amount is, kept back of all.

    The terms of payment say whether taxes are lowered, too.  What was paid in advance
    or with a card makes the sale no smaller.

    :return: ``Figures`` without pieces; ``None`` where nothing is sold
    """
    sold = move.invoice_line_ids.filtered(
        lambda item: (
            item.display_type == "product"
            and not item.is_downpayment
            and not any(map(cards.is_payment, item.sale_line_ids))
        )
    )
    untaxed = sum(map(to_fraction, sold.mapped("price_subtotal")))
    total = sum(map(to_fraction, sold.mapped("price_total")))
    if untaxed <= 0 or total <= 0:
        return None
    computation = move.invoice_payment_term_id.early_pay_discount_computation
    if computation == "excluded":
        return Figures(kept_back / untaxed, kept_back / total)
    share = kept_back / (untaxed if computation == "mixed" else total)
    return Figures(share, share)
