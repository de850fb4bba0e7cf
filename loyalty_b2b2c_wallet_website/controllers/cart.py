from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.engine import (
    AmbiguousNumber,
    InvalidNumber,
    read_number,
)
from odoo.addons.website_sale.controllers.cart import Cart


class LoyaltyCart(Cart):
    """A participant pays a part of the own cart with points."""

    @route(
        "/shop/cart/points",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def b2b2c_choose_points(self, points="", most=None, none=None, **post):
        """Use so many points for the cart; the cart then says how it went."""
        cart = request.cart
        if not cart or cart.partner_id != request.env.user.partner_id:
            return request.redirect("/shop/cart")
        parts = request.env["b2b2c.part.payment"].sudo()
        offer = parts._get_offer(cart)
        if none is not None:
            points = "0"
        elif most is not None:
            points = str(offer.most) if offer else "0"
        try:
            with request.env.cr.savepoint():
                parts._choose(cart, self._b2b2c_read_points(points))
        except UserError as error:
            cart.invalidate_recordset()
            request.session["b2b2c_points_error"] = error.args[0]
        return request.redirect("/shop/cart", code=303)

    def _b2b2c_read_points(self, text):
        """Return the number of points somebody typed; none for an empty field.

        :raise UserError: it is no number, or could be two
        """
        text = (text or "").strip()
        if not text:
            return 0
        try:
            return read_number(text[:30])
        except AmbiguousNumber as error:
            raise UserError(
                request.env._(
                    "“%(text)s” can be read as %(numbers)s: write it without a sign "
                    "between thousands.",
                    text=text[:30],
                    numbers=" / ".join(error.spellings),
                )
            ) from error
        except InvalidNumber as error:
            raise UserError(
                request.env._("“%s” is not a number of points.", text[:30])
            ) from error
