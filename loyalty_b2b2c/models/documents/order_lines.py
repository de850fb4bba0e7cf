"""A sales order told to the engine: what is written, can come, came, and is charged."""

from collections import defaultdict
from fractions import Fraction

from ...engine import to_fraction
from ...engine.measuring import INVOICE, SoldLine
from ...engine.sharing import Figures
from ...engine.units import get_meant
from ...values import aware
from ..base import rates
from ..processing.facts import get_key
from . import books, cards, charges
from .charges import Charges

NONE = Fraction(0)
#: What Odoo rounds a quantity to when it makes a delivery in the product's own unit.
_HALF_A_STEP = Fraction(1, 200)

STOCK_MOVE_FIELDS = (
    "state",
    "date",
    "location_id",
    "location_dest_id",
    "location_final_id",
    "origin_returned_move_id",
    "product_id",
    "product_uom",
    "product_uom_qty",
    "quantity",
    "to_refund",
    "picking_id",
)


def takes_part(line):
    """Tell whether an order line is sold, lowers others or is lowered.

    Sections and notes are not, nor what is paid in advance or with a card; a menu is
    sold as what it consists of.
    """
    return bool(
        not line.display_type
        and not line.is_downpayment
        and line.product_id.type != "combo"
        and not cards.is_payment(line)
        and not cards.is_card(line.product_id)
    )


class OrderLines:
    """Describes the lines of one order.

    :param source: the source of orders, which knows units and rates
    :param order: ``sale.order`` record, stored or imagined
    """

    def __init__(self, source, order):
        self.source = source
        self.order = order
        self.lines = order.order_line.filtered(takes_part)
        lowered = any(
            line.price_subtotal < 0 or line.product_uom_qty < 0 for line in self.lines
        )
        self.taxes = charges.get_taxes(self.lines) if lowered else {}

    def imagine(self):
        """Return the lines as if all of them came and was charged."""
        lines = []
        for line in self.lines:
            written = self._get_written(line)
            lines.append(self._describe(line, written, promised=written.quantity))
        return lines

    def describe(self):
        """Return the lines as they are now.

        :return: list of ``engine.measuring.SoldLine``
        """
        lines = {}
        for line in self.lines:
            pieces = self.get_pieces(line)
            lines[get_key(line)] = self._describe(
                line, self._get_written(line), **pieces
            )
        charged = Charges(self.source, lines, self._get_taxes)
        if self.lines.invoice_lines:
            OrderInvoices(self.source, self.order, self.lines).add_to(charged)
        for key, others in self.source._get_other_charges(self.order).items():
            if key in lines:
                charged.extend(key, others)
        return charged.get_lines()

    def _get_taxes(self):
        """Return key of a line -> the taxes that share what lowers the order."""
        taxes = self.taxes or charges.get_taxes(self.lines)
        return {get_key(line): taxes[line.id] for line in self.lines}

    def _describe(self, line, written, **figures):
        return SoldLine(
            get_key(line),
            written,
            price=self._get_price(line),
            product=line.product_id.id or None,
            taxes=self.taxes.get(line.id, frozenset()),
            lowers=self.source._get_lowered(line, self.lines),
            **figures,
        )

    def _get_written(self, line):
        """Return money and pieces of a line, in the order's currency."""
        return Figures(
            to_fraction(line.price_subtotal),
            to_fraction(line.price_total),
            to_fraction(line.product_uom_qty) * self._get_ratio(line),
        )

    def _get_ratio(self, line):
        """Return how many of the product's own units one unit of a line is."""
        return self.source._get_unit_ratio(line.product_uom_id, line.product_id.uom_id)

    def _get_price(self, line):
        """Return the price of a piece where none was ordered, else nothing."""
        if line.product_uom_qty:
            return None
        ratio = self._get_ratio(line)
        return Figures(
            to_fraction(line.price_reduce_taxexcl) / ratio,
            to_fraction(line.price_reduce_taxinc) / ratio,
            Fraction(1),
        )

    # === PIECES === #

    def get_pieces(self, line):
        """Return what came and can come of a line, as values of a ``SoldLine``."""
        ratio = self._get_ratio(line)
        ordered = to_fraction(line.product_uom_qty)
        delivered = to_fraction(line.qty_delivered)
        if line.qty_delivered_method != "stock_move":
            return self._get_served(line, ordered * ratio, delivered * ratio)
        moves = LineMoves(self.source, line)
        doubt = moves.get_doubt()
        if doubt:
            delivered += moves.get_rounded_off()
        delivered = get_meant(delivered, ordered, doubt)
        elsewhere = self.source._get_handed_over(line) / ratio
        promised = moves.get_promised(ordered, max(delivered, elsewhere), delivered)
        promised = get_meant(promised, ordered, doubt)
        return {
            "promised": promised * ratio,
            "invoiceable": _get_invoiceable(line, ordered * ratio),
            "delivered": delivered * ratio,
            "deliveries": moves.get_deliveries(delivered, ratio),
            "returned": moves.get_returned(ordered) * ratio,
            "is_stocked": moves.is_stocked,
        }

    def _get_served(self, line, ordered, delivered):
        """Return the pieces of what no stock move delivers.

        A service that nobody says the delivery of goes with the rest of the order.
        """
        is_silent = line.product_id.invoice_policy == "order" and not delivered
        at = aware(self.source._get_occurred_at(line.order_id))
        return {
            "promised": max(ordered, delivered) if ordered >= 0 else ordered,
            "invoiceable": _get_invoiceable(line, ordered),
            "delivered": None if is_silent else delivered,
            "deliveries": ((at, delivered),) if delivered else (),
        }


def _get_invoiceable(line, ordered):
    """Return how many pieces invoices can ask for, ``None`` for all that come.

    What comes beyond the order is asked for only when somebody raises the order.
    """
    is_by_order = line.product_id.invoice_policy == "order" and ordered >= 0
    return ordered if is_by_order else None


class OrderInvoices:
    """Reads what invoices and notes charge for the lines of an order."""

    def __init__(self, source, order, lines):
        self.source = source
        self.order = order
        self.lines = lines
        self.items = lines.invoice_lines.filtered(
            lambda item: (
                item.move_id.state == "posted"
                and item.move_id.is_invoice(include_receipts=True)
            )
        )

    def add_to(self, charged):
        """Add all of it to the charges of the lines.

        :param charged: :class:`~.charges.Charges`
        """
        keys = defaultdict(list)  # invoice -> lines it charges
        for line in self.lines:
            # what a note takes back depends on the notes before it
            for item in (line.invoice_lines & self.items).sorted("id"):
                move = item.move_id
                origin = charges.get_origin(move)
                if get_key(line) not in keys[move]:
                    keys[move].append(get_key(line))
                figures = self._get_figures(item)
                named = origin if origin != move else move.browse()
                charged.add(get_key(line), figures, move, named)
        for move, lines in keys.items():
            for item, share, origin in self._get_unnamed(move):
                figures = self._get_figures(item).scaled(share)
                charged.add_item(item, figures, origin, lines)

    def _get_unnamed(self, move):
        """Yield the lines of an invoice, and of its notes, that name no order.

        What somebody types on an invoice of an order earns nothing by itself: only
        what lowers the invoice counts.

        :return: (item, the share of it that is this order's, the invoice)
        """
        origin = charges.get_origin(move)
        is_plain = charges.get_kind(move) == INVOICE
        items = [
            (item, 1, origin if origin != move else move.browse())
            for item in self._get_own_items(move)
            if not is_plain or item.price_subtotal < 0
        ]
        if is_plain:
            items += [
                (item, part, move)
                for note, part in books.get_notes(move)
                if note not in self.items.move_id
                for item in self._get_own_items(note)
            ]
        share = self._get_share(move) if items else None
        for item, part, named in items:
            yield item, share * part, named

    def _get_own_items(self, move):
        """Return the lines of an invoice that name no order.

        Most invoices have none: their lines make up their amount.
        """
        linked = sum(
            to_fraction(item.price_subtotal)
            for item in self.items
            if item.move_id == move
        )
        if linked == to_fraction(move.amount_untaxed):
            return self.items.browse()
        return move.invoice_line_ids.filtered(
            lambda item: (
                item.display_type == "product"
                and not item.is_downpayment
                and not item.sale_line_ids
            )
        )

    def _get_share(self, move):
        """Return which part of what an invoice charges is this order's."""
        mine = everything = NONE
        for item in move.invoice_line_ids.filtered("sale_line_ids"):
            if not takes_part(item.sale_line_ids[:1]):
                continue  # what was paid in advance makes the sale no smaller
            amount = to_fraction(item.price_subtotal)
            everything += amount
            if item in self.items:
                mine += amount
        return mine / everything if everything else Fraction(1)

    def _get_figures(self, item):
        """Return what an invoice line charges, in the order's currency."""
        figures = charges.get_figures(self.source, item)
        move = item.move_id
        if move.currency_id == self.order.currency_id:
            return figures
        ours = rates.get_exact(self.order.currency_rate)
        theirs = rates.get_exact(move.invoice_currency_rate)
        rate = ours / theirs
        return Figures(figures.untaxed * rate, figures.total * rate, figures.quantity)


class LineMoves:
    """What the stock moves of an order line say, in the line's unit."""

    def __init__(self, source, line):
        self.source = source
        self.line = line
        moves = line.move_ids.filtered(lambda move: move.state != "cancel")
        self.has_any = bool(line.move_ids)
        self.is_stocked = bool(moves)
        self.open = moves.filtered(lambda move: move.state != "done")
        self.done = moves - self.open
        # a kit is delivered as what it consists of
        self.is_kit = any(move.product_id != line.product_id for move in moves)

    def get_doubt(self):
        """Return by how much rounding can have changed what the moves count."""
        return sum(
            (
                _HALF_A_STEP * self._get_ratio(move)
                for move in self.done | self.open
                if move.product_uom != self.line.product_uom_id and not self.is_kit
            ),
            NONE,
        )

    def get_rounded_off(self):
        """Return what is missing in Odoo's delivered quantity: it rounds each move."""
        outgoing, incoming = self.line._get_outgoing_incoming_moves()
        return sum(map(self._get_rounded_off, outgoing & self.done), NONE) - sum(
            map(self._get_rounded_off, incoming & self.done), NONE
        )

    def _get_rounded_off(self, move):
        counted = move.product_uom._compute_quantity(
            move.quantity, self.line.product_uom_id, rounding_method="HALF-UP"
        )
        return self._get_moved(move) - to_fraction(counted)

    def get_promised(self, ordered, brought, delivered):
        """Return how much was delivered or can still be.

        An order that is lowered keeps the delivery it had until somebody lowers that,
        and so may one that was settled at a till.

        :param brought: what the moves need not bring any more, not less than delivered
        """
        if not self.has_any:
            return ordered
        if self.is_kit or ordered < 0:
            return ordered if self.open else delivered
        to_come = sum(
            (
                to_fraction(move.product_uom_qty) * self._get_ratio(move)
                for move in self._get_last_steps(self.open)
            ),
            NONE,
        )
        return delivered + min(to_come, max(NONE, ordered - brought))

    def get_returned(self, ordered):
        """Return how much came back and is to be credited."""
        returns = self.done.filtered(
            lambda move: move.to_refund and not move.location_dest_id._is_outgoing()
        )
        if self.is_kit:
            return ordered if returns else NONE
        return sum(map(self._get_moved, returns), NONE)

    def get_deliveries(self, delivered, ratio):
        """Return (when, how many of the product's unit) of each delivery."""
        moves = self.done.filtered(lambda move: move.location_dest_id._is_outgoing())
        if not delivered:
            return ()
        if self.is_kit or not moves or delivered < 0:
            ordered_at = self.source._get_occurred_at(self.line.order_id)
            at = max(moves.mapped("date"), default=ordered_at)
            return ((aware(at), delivered * ratio),)
        return tuple(
            (aware(move.date), self._get_moved(move) * ratio) for move in moves
        )

    def _get_last_steps(self, moves):
        """Return the moves that reach the customer, one for each chain of steps."""
        last = moves.filtered(lambda move: move.location_dest_id._is_outgoing())
        first = (moves - last).filtered(
            lambda move: (
                move.location_final_id and move.location_final_id._is_outgoing()
            )
        )
        if last and first:  # a step may have been made for the next one, or not yet
            first = first.filtered(lambda move: not move.move_dest_ids)
        return last | first

    def _get_moved(self, move):
        return to_fraction(move.quantity) * self._get_ratio(move)

    def _get_ratio(self, move):
        """Return how many of the line's units one unit of a move is."""
        return self.source._get_unit_ratio(move.product_uom, self.line.product_uom_id)
