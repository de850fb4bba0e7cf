from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..addresses import PATHS
from ..pages import membership
from ..pages.goods import GoodsBook
from .portal import LoyaltyPortal

_PER_PAGE = 20


class LoyaltyGoodsPortal(LoyaltyPortal):
    """The goods book of shop owners; it does not exist for anybody else."""

    @route(
        [PATHS["goods"], f"{PATHS['goods']}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_rewards_goods(self, page=1, **kw):
        owners = membership.owners(self._get_portal_members())
        if not owners:
            raise NotFound()
        goods = GoodsBook(owners)
        pager = portal_pager(
            url=PATHS["goods"], total=goods.count(), page=page, step=_PER_PAGE
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_goods",
            rows=goods.rows(pager["offset"], _PER_PAGE),
            several_shops=len(owners.employer_id) > 1,
            pager=pager,
        )
        return request.render("loyalty_b2b2c_portal.portal_my_goods", values)
