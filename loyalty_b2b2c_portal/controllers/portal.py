from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

_MAX_ID = 2**31 - 1
_GOODS_PER_PAGE = 20


class LoyaltyPortal(CustomerPortal):
    """What a participant sees.

    Portal users have no rights on the suite's models: everything is read with sudo
    through the memberships of the logged-in person, never through an id of the request
    alone.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "b2b2c_reward_count" in counters:
            values["b2b2c_reward_count"] = len(self._get_portal_members())
        return values

    # === ROUTES === #

    @route("/my/rewards", type="http", auth="user", website=True, readonly=True)
    def portal_my_rewards(self, **kw):
        members = self._get_portal_members()
        dealers = request.env["b2b2c.ladder.standing"]._get_portal_standings(
            request.env.user.partner_id
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_rewards",
            has_dealer=bool(dealers),
            memberships=members._get_portal_memberships(),
            codes=members._get_portal_codes(),
            has_goods=bool(members._get_portal_owners()),
            has_codes=members._has_portal_codes(),
            has_receipts=members._has_portal_receipts(),
            has_store=members._has_portal_store(),
            preferences=members._get_portal_preferences(),
        )
        return request.render("loyalty_b2b2c_portal.portal_my_rewards", values)

    @route(
        "/my/rewards/<int:account_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_rewards_statement(self, account_id, before=None, **kw):
        account = self._get_portal_account(account_id)
        before = self._parse_id(before)
        rows, older = account._get_portal_statement(before=before)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_statement",
            card=account._get_portal_cards()[0],
            rows=rows,
            older=older,
            before=before,
        )
        return request.render("loyalty_b2b2c_portal.portal_my_statement", values)

    @route(
        ["/my/rewards/goods", "/my/rewards/goods/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_rewards_goods(self, page=1, **kw):
        """The goods book of shop owners; it does not exist for anybody else."""
        owners = self._get_portal_members()._get_portal_owners()
        if not owners:
            raise NotFound()
        pager = portal_pager(
            url="/my/rewards/goods",
            total=owners._count_portal_goods(),
            page=page,
            step=_GOODS_PER_PAGE,
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_goods",
            rows=owners._get_portal_goods(pager["offset"], _GOODS_PER_PAGE),
            several_shops=len(owners.employer_id) > 1,
            pager=pager,
        )
        return request.render("loyalty_b2b2c_portal.portal_my_goods", values)

    @route(
        "/my/rewards/<int:account_id>/live",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_rewards_live(self, account_id, message=None, **kw):
        """What an open page shows anew after a message came."""
        account = self._get_portal_account(account_id)
        [card] = account._get_portal_cards(movements=5)
        render = request.env["ir.qweb"]._render
        return {
            "balance": render("loyalty_b2b2c_portal.portal_balance", {"card": card}),
            "movements": render(
                "loyalty_b2b2c_portal.portal_last_movements", {"card": card}
            ),
            "news": account._get_portal_news(self._parse_id(str(message))),
        }

    @route(
        "/my/rewards/preferences",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_rewards_preferences(self, **kw):
        members = self._get_portal_members()
        if not members:
            raise NotFound()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_preferences",
            preferences=members._get_portal_preferences(),
            languages=request.env["res.lang"].get_installed(),
            saved="saved" in kw,
        )
        return request.render("loyalty_b2b2c_portal.portal_my_preferences", values)

    @route(
        "/my/rewards/preferences",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_rewards_preferences_save(self, lang=None, **post):
        members = self._get_portal_members()
        if not members:
            raise NotFound()
        members._set_portal_preferences(post, lang=lang)
        code = members.partner_id.lang
        url_code = request.env["res.lang"]._get_data(code=code).url_code
        page = "/my/rewards/preferences?saved=1"
        response = request.redirect(f"/{url_code}{page}" if url_code else page)
        if url_code:
            response.set_cookie("frontend_lang", code)
        return response

    # === HELPERS === #

    def _get_portal_members(self):
        """Return the memberships of the logged-in person (with sudo)."""
        return request.env["b2b2c.member"]._get_portal_members(
            request.env.user.partner_id
        )

    def _get_portal_account(self, account_id):
        """Return an account of the logged-in person (with sudo).

        :raise NotFound: unknown or somebody else's: the answer is the same
        """
        account = (
            self._get_portal_members()
            ._get_portal_accounts()
            .filtered(lambda account: account.id == account_id)
        )
        if not account:
            raise NotFound()
        return account

    def _parse_id(self, text):
        """Return a record id out of the query string, ``None`` when it is none."""
        if not (text or "").isascii() or not (text or "").isdecimal():
            return None
        number = int(text[:20])
        return number if 0 < number <= _MAX_ID else None
