from odoo.tools import format_amount

from odoo.addons.loyalty_b2b2c.exceptions import RedemptionError
from odoo.addons.loyalty_b2b2c.values import shown

from .. import addresses
from . import membership, words

#: How the fields with numbers of pieces begin in a form.
PIECES = "pieces_"
#: State of an order -> tone of Bootstrap.
_TONES = {
    "sent": "warning",
    "accepted": "info",
    "done": "success",
    "refused": "danger",
}


class Supplies:
    """The pages on which the owner of a shop orders goods and pays with points.

    What it costs, and how much of it points pay, is decided by
    ``b2b2c.supply.order._get_offer``; here it is worded.

    :param owners: memberships as an owner, see :func:`membership.owners`
    :param chosen: id of the membership a form sent; another's is ignored
    """

    def __init__(self, owners, chosen=None):
        self.env = owners.env
        distributors = self.env["b2b2c.distributor"]
        self.served = {
            owner: distributor
            for owner in owners
            if (distributor := distributors._get_of(owner))
        }
        self.owner = next(
            (owner for owner in self.served if str(owner.id) == chosen),
            next(iter(self.served), owners.browse()),
        )
        self.distributor = self.served.get(self.owner, distributors)
        self.owners = owners

    def has_anything(self):
        """Tell whether the person can, or could, order goods."""
        return bool(self.served) or bool(self.search_orders(limit=1))

    def choices(self):
        """Return the memberships the person can order as: pairs of id and words."""
        return [(owner.id, membership.title(owner)) for owner in self.served]

    def goods(self, pieces):
        """Return what can be ordered, a dict per product.

        :param dict pieces: id of a product -> what was chosen so far
        """
        products = self.distributor.product_ids.filtered("active").sorted("name")
        return [
            {
                "id": product.id,
                "name": _get_name(product),
                "image": addresses.path("supply_image", product=product.id)
                if product.image_128
                else "",
                "price": self._money(self.distributor._get_price(product, 1)),
                "field": f"{PIECES}{product.id}",
                "pieces": pieces.get(product.id, ""),
            }
            for product in products
        ]

    def get_product(self, product_id):
        """Return goods the person may order, empty when there are none with the id."""
        goods = self.env["product.product"].union(
            *(distributor.product_ids for distributor in self.served.values())
        )
        return goods.filtered(lambda product: product.id == product_id)

    def units(self):
        """Return the units the owner has points of, those with most points first."""
        accounts = self.owner._get_survivor().account_ids
        accounts = accounts.filtered(lambda account: account.balance_available > 0)
        return accounts.sorted("balance_available", reverse=True).unit_id

    def offer(self, pieces, unit=None, points=None):
        """Return what an order would cost, as a dict for the page.

        The first unit that can pay it, unless one is given.

        :raise RedemptionError: it cannot be ordered; its text is for the owner
        """
        chosen = self.units().filtered(lambda one: str(one.id) == unit)
        error = None
        for candidate in chosen or self.units() or self.env["b2b2c.unit"]:
            try:
                offer = self._ask(candidate, pieces, points)
            except RedemptionError as refusal:
                error = refusal
                continue
            return self._row(candidate, offer)
        raise error or RedemptionError(
            "points", self.env._("You have no points to order with.")
        )

    def send(self, pieces, unit, points, price, key):
        """Send an order, see ``b2b2c.supply.order._send``."""
        chosen = self.units().filtered(lambda one: str(one.id) == unit)
        # sending again finds the first order, although its points are reserved now
        chosen = chosen or self.owner.account_ids.unit_id.filtered(
            lambda one: str(one.id) == unit
        )
        if not chosen:
            raise RedemptionError(
                "points", self.env._("You have no points to order with.")
            )
        return self.env["b2b2c.supply.order"]._send(
            self.owner, chosen, pieces, points=points, price=price, request_key=key
        )

    def _ask(self, unit, pieces, points):
        orders = self.env["b2b2c.supply.order"]
        return orders._get_offer(self.owner, unit, pieces, points)

    def _row(self, unit, offer):
        return {
            "unit": unit.id,
            "distributor": offer.distributor.partner_id.name,
            "shop": self.owner.employer_id.name,
            "lines": [
                {
                    "name": _get_name(line.product),
                    "field": f"{PIECES}{line.product.id}",
                    "pieces": line.quantity,
                    "amount": self._money(line.amount),
                }
                for line in offer.lines
            ],
            "price": str(offer.total),
            "total": self._money(offer.total),
            "available": unit._format(offer.available),
            "most": str(offer.most),
            "most_words": unit._format(offer.most),
            "step": str(unit._get_step()),
            "points": str(offer.points),
            "points_words": unit._format(offer.points),
            "paid": self._money(offer.paid),
            "money": self._money(offer.money),
            "is_paid": not offer.money,
        }

    def _money(self, amount):
        currency = self.owner.company_id.currency_id
        return format_amount(self.env, shown(amount), currency)

    # === WHAT WAS ORDERED === #

    def search_orders(self, domain=(), **options):
        """Return orders of the person."""
        domain = [("member_id", "in", self.owners.ids), *domain]
        return self.env["b2b2c.supply.order"].search(domain, **options)

    def orders(self, offset, limit):
        """Return a page of the orders in words, newest first."""
        found = self.search_orders(offset=offset, limit=limit)
        states = dict(found._fields["state"]._description_selection(self.env))
        return [
            {
                "id": order.id,
                "number": order.name,
                "day": words.moment(self.env, order.sent_at),
                "goods": order._word_goods(self.env.lang),
                "distributor": order.distributor_id.partner_id.name,
                "status": states[order.state],
                "tone": _TONES.get(order.state, "secondary"),
                "points": order._word_points(),
                "money": format_amount(self.env, order.amount_money, order.currency_id)
                if order.amount_money
                else "",
                "note": order.note or "",
                "can_cancel": order.state == "sent",
            }
            for order in found
        ]


def _get_name(product):
    """Return what a product is called, without our internal reference."""
    return product.with_context(display_default_code=False).display_name


def read_pieces(form):
    """Return what a form asks for: id of a product -> number of pieces.

    Fields without a number are left out; what is no number of pieces is -1, which no
    order takes.
    """
    pieces = {}
    for name, text in form.items():
        number = name.removeprefix(PIECES)
        text = str(text).strip()
        if name.startswith(PIECES) and number.isascii() and number.isdigit() and text:
            is_number = text.isascii() and text.isdigit() and len(text) < 9
            count = int(text) if is_number else -1
            if count:
                pieces[int(number[:9])] = count
    return pieces
