import uuid

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.engine.typed_text import read_token
from odoo.addons.loyalty_b2b2c.exceptions import RedemptionError
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..addresses import PATHS, path
from ..pages import membership
from ..pages.supply import Supplies, read_pieces
from .portal import LoyaltyPortal

_PAGE = PATHS["supply"]
_PER_PAGE = 10


class LoyaltySupplyPortal(LoyaltyPortal):
    """Goods the owner of a shop orders; the pages do not exist for anybody else.

    Opening a page changes nothing; sending a form again is harmless, because the page
    chose the order's key.
    """

    @route(
        [_PAGE, f"{_PAGE}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_supply(self, page=1, owner=None, sent=None, done=None, **kw):
        return self._render_goods(
            page=page, owner=owner, sent=sent, pieces=read_pieces(kw), done=bool(done)
        )

    @route(
        PATHS["supply_image"].format(product="<int:product_id>"),
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_supply_image(self, product_id, **kw):
        """The picture of goods the person may order."""
        product = self._get_supplies().get_product(product_id)
        if not product:
            raise NotFound()
        stream = request.env["ir.binary"]._get_image_stream_from(
            product.sudo(), "image_256"
        )
        return stream.get_response()

    @route(
        f"{_PAGE}/confirm",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_supply_confirm(self, owner=None, unit=None, points=None, **kw):
        """Show what it costs, before anything is reserved."""
        return self._render_offer(owner, read_pieces(kw), unit, points)

    @route(
        f"{_PAGE}/send",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_supply_send(
        self, owner=None, unit="", points="", price="", key="", **post
    ):
        """Reserve the points and send the order."""
        supplies = self._get_supplies(owner)
        pieces = read_pieces(post)
        try:
            order = supplies.send(
                pieces,
                str(unit),
                points or "0",
                price or None,
                read_token(key) or str(uuid.uuid4()),
            )
        except RedemptionError as error:
            return self._render_offer(owner, pieces, unit, None, error=str(error))
        return request.redirect(path("supply", sent=order.id), code=303)

    @route(
        f"{_PAGE}/<int:order_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_supply_cancel(self, order_id, **post):
        """Take an own order back, while nobody has accepted it."""
        order = self._get_supplies().search_orders([("id", "=", order_id)])
        if not order:
            raise NotFound()
        try:
            with request.env.cr.savepoint():
                order._cancel(request.env.user)
        except UserError as error:
            return self._render_goods(error=error.args[0])
        return request.redirect(path("supply", done=1), code=303)

    # === HELPERS === #

    def _get_supplies(self, owner=None):
        """Return what the logged-in person can order.

        :raise NotFound: the person owns no shop, or nobody serves it
        """
        owners = membership.owners(self._get_portal_members())
        supplies = Supplies(owners, str(owner))
        if not supplies.has_anything():
            raise NotFound()
        return supplies

    def _render_offer(self, owner, pieces, unit, points, error=None):
        """Show the order, or the goods again when it cannot be."""
        supplies = self._get_supplies(owner)
        try:
            offer = supplies.offer(pieces, str(unit or ""), points or None)
        except RedemptionError as refusal:
            try:
                # a wrong number of points: the page proposes the right one
                offer = supplies.offer(pieces, str(unit or "")) if points else None
            except RedemptionError:
                offer = None
            error = error or str(refusal)
        if not offer:
            return self._render_goods(owner=owner, pieces=pieces, error=error)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_supply_confirm",
            offer=offer,
            owner=supplies.owner.id,
            key=str(uuid.uuid4()),
            error=error,
        )
        return self._respond("portal_my_supply_confirm", values, error)

    def _render_goods(
        self, page=1, owner=None, sent=None, pieces=None, done=False, error=None
    ):
        supplies = self._get_supplies(owner)
        pager = portal_pager(
            url=_PAGE,
            total=len(supplies.search_orders()),
            page=page,
            step=_PER_PAGE,
        )
        number = self._parse_id(sent)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_supply",
            goods=supplies.goods(pieces or {}) if supplies.served else [],
            choices=supplies.choices(),
            owner=supplies.owner.id,
            distributor=supplies.distributor.partner_id.name or "",
            orders=supplies.orders(pager["offset"], _PER_PAGE),
            sent=supplies.search_orders([("id", "=", number)]) if number else None,
            is_cancelled=done,
            pager=pager,
            error=error,
        )
        return self._respond("portal_my_supply", values, error)
