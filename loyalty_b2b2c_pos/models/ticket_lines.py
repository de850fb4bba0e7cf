"""A till ticket told to the engine: what is sold, what lowers it, what came back."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

from odoo.addons.loyalty_b2b2c.engine import to_fraction
from odoo.addons.loyalty_b2b2c.engine.measuring import (
    INVOICE,
    NOTE,
    Charge,
    DocumentMeasure,
    SoldLine,
)
from odoo.addons.loyalty_b2b2c.engine.sharing import Figures
from odoo.addons.loyalty_b2b2c.models.documents import charges, early_discounts
from odoo.addons.loyalty_b2b2c.models.processing.facts import get_key
from odoo.addons.loyalty_b2b2c.values import aware

from . import line_kinds
from .ticket_money import get_paid
from .ticket_notes import get_note_items
from .ticket_rows import get_sold_at

NONE = Fraction(0)


class TicketLines:
    """Describes the lines of one ticket.

    Goods that are brought back are on tickets of their own, whose lines name the lines
    they take back.  Such a line is a note: its pieces come back at the price they were
    sold for, whatever was typed in; what was given back more or less than that is money
    alone.

    :param source: the source of tickets, which knows units
    :param ticket: ``pos.order`` record, stored or imagined
    """

    def __init__(self, source, ticket):
        self.source = source
        self.ticket = ticket
        self.settled = get_settled_shares(ticket)
        self.lines = ticket.lines.filtered(self._takes_part)
        self.taxes = charges.get_taxes(self.lines, line_kinds.TAXES)
        self.portions = get_portions(ticket)

    def imagine(self):
        """Return the lines as if the ticket was paid, and nothing came back."""
        return [self._describe(line) for line in self.lines]

    def describe(self):
        """Return the lines as they are now.

        All of a ticket is one sale: its lines, what was taken back of them and what
        accounting credits of its invoice are paid to the same share.

        :return: list of ``engine.measuring.SoldLine``
        """
        lines = {get_key(line): self._describe(line) for line in self.lines}
        charged = charges.Charges(self.source, lines)
        for line in self.lines:
            charged.extend(get_key(line), self._get_charges(line))
        for item, share in get_note_items(self.ticket):
            figures = charges.get_figures(self.source, item).scaled(share)
            charged.add_item(item, figures, self.ticket.account_move, list(lines))
        paid = get_paid(self.ticket)
        moments = {
            "at": aware(get_sold_at(self.ticket)),
            "paid": paid.share,
            "paid_at": paid.at,
            "lost": paid.lost,
        }
        return [
            replace(
                line,
                charges=tuple(
                    replace(charge, **moments)
                    for part in line.charges
                    for charge in self._get_lowered_charges(part)
                ),
            )
            for line in charged.get_lines()
        ]

    def _get_lowered_charges(self, charge):
        """Return a charge, and what was kept back of it for paying early."""
        invoice = self.ticket.account_move
        if charge.kind != INVOICE or not invoice:
            return [charge]
        return early_discounts.add_to(charge, invoice)

    def get_settled(self):
        """Return what the ticket charges for lines of sale orders.

        :return: dict id of a ticket's line -> list of ``engine.measuring.Charge``, in
            the ticket's currency; with its part of what lowers the ticket
        """
        settled = self.lines.filtered(line_kinds.is_of_order)
        if not settled:
            return {}
        lines = {line.key: line for line in self.describe()}
        date_order = aware(get_sold_at(self.ticket))
        weights = DocumentMeasure(lines.values(), date_order).weights
        own = {get_key(line) for line in settled}
        found = {}
        for line in settled:
            key = get_key(line)
            found[line.id] = list(lines[key].charges)
            for minus, shares in weights.items():
                if minus not in own and key in shares:
                    found[line.id] += [
                        _as_money(charge, charge.figures.times(shares[key]))
                        for charge in lines[minus].charges
                    ]
        return found

    def _takes_part(self, line):
        """Tell whether a line is sold, lowers others or is lowered.

        What is taken back is not, also where it names no sale but was counted with one,
        nor what is paid in advance or with a card; a menu is sold as what it consists
        of.
        """
        return bool(
            not line.refunded_orderline_id
            and self.settled.get(line.id) != 1
            and line.product_id.type != "combo"
            and not line_kinds.is_down_payment(line)
            and not line_kinds.is_card(line)
            and not line_kinds.is_card_used(line)
            and not line_kinds.is_discount_of_return(line)
        )

    def _get_written(self, line):
        """Return what is written on a line, but for what counts with an older sale."""
        return get_figures(line).scaled(1 - self.settled.get(line.id, NONE))

    def _describe(self, line):
        written = self._get_written(line)
        return SoldLine(
            get_key(line),
            written,
            promised=written.quantity,
            product=line.product_id.id or None,
            taxes=self.taxes[line.id],
            lowers=self._get_lowered(line),
        )

    def _get_lowered(self, line):
        """Return the keys of the lines that a line is known to lower.

        A reward lowers what its promotion says, a line of a sale order that order, and
        Odoo's discount on a ticket all but tips.

        :return: ``None`` when Odoo does not say: the lines with the same taxes
        """
        if line.price_subtotal >= 0:
            return None
        if line_kinds.is_of_order(line):
            lowered = self.lines.filtered(
                lambda other: other.sale_order_origin_id == line.sale_order_origin_id
            )
        elif line_kinds.is_reward(line):
            lowered = line_kinds.get_lowered(line, self.lines)
        elif line_kinds.is_discount(line):
            lowered = self.lines.filtered(
                lambda other: (
                    not line_kinds.is_tip(other)
                    and self.taxes[other.id] == self.taxes[line.id]
                )
            )
        else:
            lowered = None
        return None if lowered is None else frozenset(map(get_key, lowered - line))

    # === CHARGES === #

    def _get_charges(self, line):
        """Return what a ticket, and those that take goods back, charge for a line."""
        written = self._get_written(line)
        sold_at = aware(get_sold_at(self.ticket))
        coin = to_fraction(self.ticket.currency_id.rounding)
        found = [Charge(written, sold_at, INVOICE, coin=coin)]
        if line.id in self.portions:
            found.append(Charge(self.portions[line.id], sold_at, NOTE, coin=coin))
        portions = {}
        for back in line_kinds.get_taken_back(line):
            if back.order_id not in portions:
                portions[back.order_id] = get_portions(back.order_id)
            share = to_fraction(back.qty) / to_fraction(line.qty or 1)
            goods = written.scaled(share)
            given = get_figures(back)
            given = given.plus(portions[back.order_id].get(back.id, Figures()))
            rest = Figures(given.untaxed - goods.untaxed, given.total - goods.total)
            found.append(Charge(goods, sold_at, NOTE, coin=coin))
            if rest.untaxed or rest.total:
                found.append(Charge(rest, sold_at, NOTE, coin=coin))
        return found


def get_unnamed_pieces(lines):
    """Return line -> pieces that lower an older sale, of what a ticket takes back.

    A ticket that sells the product as well, is corrected or exchanges one for another:
    those pieces lower the ticket itself.

    :param lines: that take back goods and name no sale
    :return: dict; what lowers the ticket alone is missing
    """
    own = defaultdict(Fraction)
    for line in lines.order_id.lines:
        if line.qty > 0 and line_kinds.can_earn(line):
            own[line.order_id, line.product_id] += to_fraction(line.qty)
    pieces = {}
    for line in lines.sorted("id"):
        back = -to_fraction(line.qty)
        key = line.order_id, line.product_id
        inside = min(back, own[key])
        own[key] -= inside
        if back > inside:
            pieces[line] = back - inside
    return pieces


def get_settled_shares(ticket):
    """Return line id -> the share of what it takes back that lowers a sale it did not
    name (``b2b2c.unnamed.return``)."""
    rows = ticket.env["b2b2c.unnamed.return"]._get_rows(ticket._name, ticket.ids)
    shares = {}
    for (_ticket_id, line_id), sales in rows.items():
        pieces = -to_fraction(ticket.lines.browse(line_id).qty)
        taken = sum((pieces for *_sale, pieces, _asked in sales), NONE)
        shares[line_id] = min(taken / pieces, Fraction(1)) if pieces > 0 else NONE
    return shares


def get_figures(line):
    """Return money and pieces of a ticket's line, in the ticket's currency.

    Pieces that a promotion gives for nothing are taken off, whatever sign Odoo gives
    their line.
    """
    quantity = to_fraction(line.qty)
    return Figures(
        to_fraction(line.price_subtotal),
        to_fraction(line.price_subtotal_incl),
        -quantity if line_kinds.is_free_product(line) else quantity,
    )


def get_portions(ticket):
    """Return the part of each line in the discount on a ticket that takes goods back.

    The till applies the percentage of the sale again to all of the ticket, so that the
    discount has the sign of the ticket: each line takes part in proportion to its own
    money, with its sign, like the others with the same taxes.

    :return: dict id of a line -> ``Figures`` without pieces
    """
    portions = defaultdict(Figures)
    discounts = ticket.lines.filtered(line_kinds.is_discount_of_return)
    if not discounts:
        return portions
    lines = (ticket.lines - discounts).filtered(
        lambda line: (
            not (
                line_kinds.is_tip(line)
                or line_kinds.is_discount(line)
                or line_kinds.is_down_payment(line)
            )
        )
    )
    taxes = charges.get_taxes(lines | discounts, line_kinds.TAXES)
    for discount in discounts:
        base = lines.filtered(
            lambda line, own=taxes[discount.id]: taxes[line.id] == own
        )
        if not sum(base.mapped("price_subtotal")):
            base = lines
        lowering = get_figures(discount)
        whole = sum((get_figures(line).untaxed for line in base), NONE)
        for line in base if whole else ():
            part = lowering.scaled(get_figures(line).untaxed / whole)
            portions[line.id] = portions[line.id].plus(replace(part, quantity=NONE))
    return portions


def _as_money(charge, figures):
    """Return a charge of money without pieces."""
    return replace(charge, kind=NOTE, figures=replace(figures, quantity=NONE))
