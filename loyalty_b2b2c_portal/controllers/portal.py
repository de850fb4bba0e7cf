from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..addresses import PATHS
from ..pages import membership
from ..pages.accounts import AccountCards
from ..pages.dealer import DealerPage
from ..pages.overview import MOVEMENTS, Overview
from ..pages.pin import Pin
from ..pages.preferences import Preferences
from ..pages.statement import Statement
from ..pages.tiles import Tiles, pick_main

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

    @route()
    def home(self, **kw):
        """Say on the card of the rewards what there is, and who waits."""
        response = super().home(**kw)
        response.qcontext["b2b2c_rewards_text"] = Overview(
            self._get_portal_members()
        ).summary()
        return response

    @route(PATHS["overview"], type="http", auth="user", website=True, readonly=True)
    def portal_my_rewards(self, **kw):
        members = self._get_portal_members()
        overview = Overview(members)
        main, tiles = pick_main(self._get_tiles(members))
        if main and not members and not tiles:
            return request.redirect(main.url)  # a page with one button is none
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_rewards",
            memberships=overview.memberships(),
            codes=overview.codes(),
            main=main,
            tiles=tiles,
            asks_pin=Pin(members).is_asked(),
            preferences_summary=Preferences(members).summary(),
        )
        return request.render("loyalty_b2b2c_portal.portal_overview", values)

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

    # === HELPERS === #

    def _get_tiles(self, members):
        """Return the ways from the overview to what the person can do.

        A hook: an add-on with a page for participants adds its
        :class:`~..pages.tiles.Tile` with ``super()``.

        :param members: the person's memberships (sudo)
        """
        has_dealer = bool(self._get_dealer_page(members).standings)
        return Tiles(members, has_dealer=has_dealer).rows()

    def _get_portal_members(self):
        """Return the memberships of the logged-in person (with sudo)."""
        return request.env["b2b2c.member"]._get_portal_members(
            request.env.user.partner_id
        )

    def _get_own_members(self):
        """Return the memberships in force of the logged-in person (with sudo)."""
        return membership.submitters(self._get_portal_members())

    def _require_portal_members(self):
        """Return the memberships of the logged-in person (with sudo).

        :raise NotFound: there are none
        """
        members = self._get_portal_members()
        if not members:
            raise NotFound()
        return members

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

    def _respond(self, template, values, error=None):
        """Return a page of ours, with status 400 where it says what is wrong.

        :param str template: name of the template, without the add-on's
        :param error: the sentence the page shows, empty when all is well
        """
        response = request.render(f"loyalty_b2b2c_portal.{template}", values)
        response.status_code = 400 if error else 200
        return response

    def _parse_id(self, text):
        """Return a record id out of the query string, ``None`` when it is none."""
        if not (text or "").isascii() or not (text or "").isdecimal():
            return None
        number = int(text[:20])
        return number if 0 < number <= _MAX_ID else None
