"""Which sales goods lower that came back on a document that names none.

The same customer's latest sale of the product, at most by what is left of it, and then
the one before.  A customer is who bought then; what nothing is left of lowers nothing.
What nobody in particular bought comes back from nobody (``_get_nobodys_domain``).
"""

from fractions import Fraction
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

from ...engine import six_decimals, to_fraction

NONE = Fraction(0)
#: So many sales of a product are looked at, the latest first.
_SALES = 50


class Return(NamedTuple):
    """Goods that came back on a line that names no sale.

    :ivar document: of the line
    :ivar pieces: how many, in the product's own unit
    :ivar amount: what is given back for them before taxes; ``None`` where goods are
        surely meant
    """

    document: models.BaseModel
    line_id: int
    product: models.BaseModel
    pieces: Fraction
    amount: Fraction | None = None


def settle(source, document_ids):
    """Decide which sales the returns on documents lower, where that is new or changed.

    :param source: of the documents
    :return: dict model -> ids of the sales that must be measured again
    """
    env, model = source.env, source._document_model
    returns = {
        (back.document.id, back.line_id): back
        for back in source._find_unnamed_returns(document_ids)
    }
    rows = env["b2b2c.unnamed.return"]._get_rows(model, document_ids)
    changed = {}
    for key in sorted(returns.keys() | rows.keys()):
        known, back = rows.get(key, ()), returns.get(key)
        pieces = back.pieces if back else NONE
        if known and known[0][-1] == to_fraction(six_decimals(pieces)):
            continue  # decided: later sales are none of it
        if known:
            env["b2b2c.unnamed.return"]._forget(model, [key[1]])
            for sale_model, sale_id, *_figures in known:
                changed.setdefault(sale_model, set()).add(sale_id)
        for sale in _lower_sales(env, back) if back else ():
            changed.setdefault(sale._name, set()).add(sale.id)
    return changed


def _lower_sales(env, back):
    """Let a return lower the latest sales; yield them."""
    rows = env["b2b2c.unnamed.return"]
    left = back.pieces
    for source, sale in _find_sales(env, back):
        for line_id, sold in _get_left(source, sale, back.product).items():
            taken = min(left, sold.quantity)
            if taken > 0:
                rows._insert(back, sale, line_id, taken * _get_share(back, sale, sold))
                left -= taken
                yield sale
        if not left:
            return
    if left == back.pieces:  # remember that there was nothing
        rows._insert(back, back.document, back.line_id, NONE)


def _get_share(back, sale, sold):
    """Return how much of a piece a piece is worth that came back: a note that lowers a
    price takes no more than it gives back.

    :param sold: ``engine.Measure`` of what is left of the sale
    """
    is_same_money = back.document.currency_id == sale.currency_id
    if back.amount is None or not is_same_money or not sold.amount_untaxed:
        return Fraction(1)
    price = sold.amount_untaxed / sold.quantity
    return min(back.amount / back.pieces / price, Fraction(1))


def _find_sales(env, back):
    """Return (source, document) of the sales of a product to a customer, latest first.

    Of all kinds: what was ordered may come back at a till.  Those that are known when
    the return is processed: their dates are of several clocks.
    """
    sources = env["b2b2c.source"]
    own = sources._for_model(back.document._name)
    buyer = own._get_parties(back.document).buyer_company
    found = []
    for model in sources._get_sources():
        source = sources._for_model(model)
        domain = source._get_sales_domain(back.product)
        companies = back.document.company_id
        bought = (
            source._get_bought_domain(companies, buyer)
            if buyer
            else source._get_nobodys_domain(back.document)
        )
        if domain is None or bought is None:
            continue
        domain &= bought
        documents = env[model].sudo().with_context(active_test=False)
        for sale in documents.search(domain, order="id desc", limit=_SALES):
            if sale == back.document:
                continue  # what it sells itself is lowered without being asked
            found.append((source._get_occurred_at(sale), sale.id, source, sale))
    found.sort(key=lambda one: one[:2], reverse=True)
    return [(source, sale) for _at, _id, source, sale in found]


def _get_left(source, sale, product):
    """Return line id -> ``engine.Measure`` of what is left of a product of a sale."""
    lines = sale[source._lines_field].filtered(source._can_earn)
    with source._reading(sale):
        measures = source._measure(sale, Fraction(1))
    return {
        line.id: measures[line.id]["confirmed"]
        for line in lines.sorted("id", reverse=True)
        if line.product_id == product and "confirmed" in measures.get(line.id, ())
    }


def get_sold_domain(lines_field, product):
    """Return the domain of the documents with a line of a product."""
    return Domain(lines_field, "any", [("product_id", "=", product.id)])
