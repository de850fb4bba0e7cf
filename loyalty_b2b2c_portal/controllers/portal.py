from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..addresses import PATHS, path
from ..pages import membership
from ..pages.accounts import AccountCards, Statement
from ..pages.dealer import DealerPage
from ..pages.overview import MOVEMENTS, Overview
from ..pages.proofs import Proofs

_MAX_ID = 2**31 - 1
_ACCOUNT = PATHS["statement"].format(account="<int:account_id>")


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

    @route(PATHS["overview"], type="http", auth="user", website=True, readonly=True)
    def portal_my_rewards(self, **kw):
        members = self._get_portal_members()
        overview = Overview(members)
        proofs = Proofs(membership.submitters(members))
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_rewards",
            has_dealer=bool(self._get_dealer_page(members).standings),
            memberships=overview.memberships(),
            codes=overview.codes(),
            has_goods=bool(membership.owners(members)),
            has_codes=proofs.reward_codes(),
            has_receipts=proofs.reward_receipts(),
            has_store=members._has_portal_store(),
            preferences=members._get_portal_preferences(),
        )
        return request.render("loyalty_b2b2c_portal.portal_my_rewards", values)

    @route(
        _ACCOUNT,
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_rewards_statement(self, account_id, before=None, **kw):
        account = self._get_portal_account(account_id)
        before = self._parse_id(before)
        rows, older = Statement(account).page(before=before)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_statement",
            card=AccountCards(account).rows()[0],
            rows=rows,
            older=older,
            before=before,
        )
        return request.render("loyalty_b2b2c_portal.portal_my_statement", values)

    @route(
        f"{_ACCOUNT}/live",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_rewards_live(self, account_id, message=None, **kw):
        """What an open page shows anew after a message came."""
        account = self._get_portal_account(account_id)
        [card] = AccountCards(account).rows(movements=MOVEMENTS)
        render = request.env["ir.qweb"]._render
        return {
            "balance": render("loyalty_b2b2c_portal.portal_balance", {"card": card}),
            "movements": render(
                "loyalty_b2b2c_portal.portal_last_movements", {"card": card}
            ),
            "news": Statement(account).news(self._parse_id(str(message))),
        }

    @route(
        PATHS["preferences"],
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
        PATHS["preferences"],
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
        page = path("preferences", saved=1)
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

    def _get_dealer_page(self, members=None):
        """Return the dealer page of the logged-in person.

        :param members: the person's memberships, when they were read already
        """
        if members is None:
            members = self._get_portal_members()
        return DealerPage(request.env.user.partner_id, members)

    def _get_portal_account(self, account_id):
        """Return an account of the logged-in person (with sudo).

        :raise NotFound: unknown or somebody else's: the answer is the same
        """
        accounts = membership.accounts(self._get_portal_members())
        account = accounts.filtered(lambda account: account.id == account_id)
        if not account:
            raise NotFound()
        return account

    def _parse_id(self, text):
        """Return a record id out of the query string, ``None`` when it is none."""
        if not (text or "").isascii() or not (text or "").isdecimal():
            return None
        number = int(text[:20])
        return number if 0 < number <= _MAX_ID else None
