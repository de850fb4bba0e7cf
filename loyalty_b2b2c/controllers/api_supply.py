"""Orders of shop owners, for the systems of distributors outside this database."""

from odoo import http
from odoo.exceptions import UserError

from ..exceptions import ApiError
from ..values import shown
from .api import _moment, operation


class LoyaltySupplyApi(http.Controller):
    """One method per operation, as in :class:`~.api.LoyaltyApi`."""

    @operation("/supply-orders", "GET", "read", readonly=True)
    def list_supply_orders(self, call):
        """Return what this distributor has to ship, the oldest first."""
        limit = call.query["limit"]
        orders = self._get_orders(call).search(
            [
                *self._get_domain(call),
                ("id", ">", int(call.query.get("after", 0))),
                ("state", "in", ("sent", "accepted")),
            ],
            order="id",
            limit=limit + 1,
        )
        page = orders[:limit]
        return 200, {
            "orders": [_order(order) for order in page],
            "next": str(page[-1:].id or call.query.get("after", 0)),
            "has_more": len(orders) > limit,
        }

    @operation("/supply-orders/status", "POST", "record")
    def tell_supply_order(self, call):
        """Record what the distributor did with an order."""
        if "shipment" not in call.grant.mandate.types:
            message = call.env._("This key may not report shipments.")
            raise ApiError(403, "type_not_allowed", message)
        body = call.body
        order = self._get_orders(call).search(
            [*self._get_domain(call), ("name", "=", body["order"])]
        )
        if not order:
            message = call.env._("There is no such order.")
            raise ApiError(404, "unknown_document", message, "order")
        nobody = call.env["res.users"]
        shipped = self._read_shipped(call, order)
        try:
            with call.env.cr.savepoint():
                if body["status"] == "refused":
                    order._refuse(nobody, body.get("reason"))
                elif body["status"] == "accepted":
                    order._accept(nobody, body.get("reference"))
                else:
                    order._ship(shipped, nobody, body.get("reference"))
                    if body["status"] == "complete":
                        order._close(nobody)
        except UserError as error:
            raise ApiError(422, "refused", error.args[0], "status") from None
        return 200, _order(order)

    def _get_orders(self, call):
        return call.env["b2b2c.supply.order"].sudo()

    def _get_domain(self, call):
        """Return the domain of the orders of this key's distributor: for a key of our
        own all that go outside."""
        domain = [
            ("company_id", "=", call.env.company.id),
            ("sale_order_id", "=", False),
        ]
        reporter = call.grant.get_reporter(call.env)
        if reporter:
            domain.append(("distributor_id.partner_id", "=", reporter.id))
        return domain

    def _read_shipped(self, call, order):
        """Return what the body says was shipped: line -> pieces.

        :raise ApiError: a line the order has not
        """
        shipped = {}
        for index, row in enumerate(call.body.get("lines", ())):
            line = order.line_ids.sorted("id")[row["line"] - 1 : row["line"]]
            if not line:
                message = call.env._("The order has no such line.")
                raise ApiError(422, "invalid_value", message, f"lines.{index}.line")
            shipped[line] = shown(row["shipped"])
        return shipped


def _order(order):
    """Return an order as JSON value, without the owner's name."""
    shop = order.shop_id
    address = shop._display_address(without_company=True).split("\n")
    return {
        "order": order.name,
        "status": order.state,
        "sent_at": _moment(order.sent_at),
        "shop": {
            "name": shop.name,
            "vat": shop.vat or None,
            "address": ", ".join(part.strip() for part in address if part.strip()),
        },
        "currency": order.currency_id.name,
        "total": order.amount_total,
        "paid_with_points": order.amount_points,
        "paid_by_shop": order.amount_money,
        "lines": [
            {
                "line": number,
                "product": line.product_id.default_code or line.product_id.barcode,
                "name": line.product_id.name,
                "quantity": line.quantity,
                "price": line.price_unit,
                "shipped": line.shipped,
            }
            for number, line in enumerate(order.line_ids.sorted("id"), 1)
        ],
    }
