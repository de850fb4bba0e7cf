import uuid

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.engine.typed_text import read_token
from odoo.addons.loyalty_b2b2c.exceptions import RedemptionError
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..addresses import PATHS, path
from ..pages.store import (
    Store,
    offer_row,
    question_rows,
    read_answers,
    request_row,
)
from .portal import LoyaltyPortal

_REWARD = PATHS["reward"].format(reward="<int:reward_id>")
_PER_PAGE = 20


class LoyaltyStorePortal(LoyaltyPortal):
    """Rewards for points, on the participant's phone.

    Opening a page changes nothing; the only calls that do are two forms.  Sending one
    again is harmless, because the page chose the request's key.
    """

    # === THE CATALOGUE === #

    @route(
        PATHS["store"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_store(self, **kw):
        store = self._get_store()
        rows = store.rows()
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_store",
            rows=rows,
            is_paused={row["refusal"] for row in rows} == {"suspended"},
            purses=store.purses(),
            has_requests=bool(store.count_requests()),
        )
        return request.render("loyalty_b2b2c_portal.portal_my_store", values)

    @route(
        _REWARD,
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_store_reward(self, reward_id, **kw):
        return self._render_reward("portal_my_store_reward", reward_id)

    @route(
        PATHS["reward_image"].format(reward="<int:reward_id>"),
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_store_image(self, reward_id, **kw):
        """The picture of a reward that is offered to the person, or was requested."""
        reward = self._get_store().get_seen_reward(reward_id)
        if not reward:
            raise NotFound()
        stream = request.env["ir.binary"]._get_image_stream_from(reward, "image_512")
        return stream.get_response()

    # === REQUESTING === #

    @route(
        f"{_REWARD}/confirm",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_store_confirm(
        self, reward_id, quantity="1", amount=None, member=None, **kw
    ):
        """Show what it will take, before anything is reserved."""
        return self._render_reward(
            "portal_my_store_confirm",
            reward_id,
            wanted=self._read_wanted(quantity, amount),
            chosen=member,
        )

    @route(
        f"{_REWARD}/request",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_store_request(
        self,
        reward_id,
        key="",
        price="",
        quantity="1",
        amount=None,
        member=None,
        **post,
    ):
        """Reserve points for a reward."""
        wanted = self._read_wanted(quantity, amount)
        answers = read_answers(post)
        reward, offers = self._get_store_offers(reward_id, wanted, chosen=member)
        try:
            redemption = request.env["b2b2c.redemption"]._request(
                offers[0].member,
                reward,
                request_key=read_token(key) or str(uuid.uuid4()),
                price=price or None,
                answers=answers,
                **wanted,
            )
        except RedemptionError as error:
            # what can be answered otherwise is asked again, with what was answered
            is_answer = error.code == "answer"
            return self._render_reward(
                f"portal_my_store_{'confirm' if is_answer else 'reward'}",
                reward_id,
                wanted=wanted if is_answer else None,
                chosen=member,
                answers=answers,
                error=str(error),
            )
        return request.redirect(path("requests", sent=redemption.id), code=303)

    # === WHAT WAS REQUESTED === #

    @route(
        [PATHS["requests"], f"{PATHS['requests']}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_requests(self, page=1, sent=None, done=None, **kw):
        return self._render_requests(page=page, sent=sent, is_cancelled=bool(done))

    @route(
        f"{PATHS['requests']}/<int:request_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_requests_cancel(self, request_id, **post):
        """Take an own request back, while nobody has decided on it."""
        redemption = self._get_store().get_request(request_id)
        if not redemption:
            raise NotFound()
        try:
            with request.env.cr.savepoint():
                redemption._cancel(request.env.user)
        except UserError as error:
            return self._render_requests(error=error.args[0])
        return request.redirect(path("requests", done=1), code=303)

    # === HELPERS === #

    def _get_store(self):
        """Return the store as the logged-in person sees it.

        :raise NotFound: the person does not take part
        """
        return Store(self._require_portal_members())

    def _read_wanted(self, quantity, amount):
        """Return how much of a reward a form asks for, as the offer wants it."""
        return {"quantity": self._parse_id(quantity) or 0, "amount": amount or None}

    def _get_store_offers(self, reward_id, wanted=None, chosen=None):
        """Return a reward and what it would be for the person, the chosen first.

        :param wanted: how much of it, see :meth:`_read_wanted`
        :param chosen: id of a membership as the form sent it; another's is ignored
        :raise NotFound: unknown or not for this person: the answer is the same
        """
        store = self._get_store()
        reward = store.get_reward(reward_id)
        if not reward:
            raise NotFound()
        offers = store.get_offers(reward, **(wanted or {}))
        offers.sort(key=lambda offer: str(offer.member.id) != chosen)
        return reward, offers

    def _render_reward(
        self, template, reward_id, wanted=None, chosen=None, answers=None, error=None
    ):
        reward, offers = self._get_store_offers(reward_id, wanted, chosen)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_store_reward",
            row=offer_row(reward, offers[0]),
            choices=[offer_row(reward, offer) for offer in offers],
            questions=question_rows(offers[0], answers or {}),
            key=str(uuid.uuid4()),
            error=error,
        )
        response = request.render(f"loyalty_b2b2c_portal.{template}", values)
        response.status_code = 400 if error else 200
        return response

    def _render_requests(self, page=1, sent=None, is_cancelled=False, error=None):
        store = self._get_store()
        pager = portal_pager(
            url=PATHS["requests"],
            total=store.count_requests(),
            page=page,
            step=_PER_PAGE,
        )
        number = self._parse_id(sent)
        redemption = store.get_request(number) if number else None
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_requests",
            rows=store.requests(pager["offset"], _PER_PAGE),
            sent=request_row(redemption) if redemption else None,
            is_cancelled=is_cancelled,
            error=error,
            pager=pager,
        )
        response = request.render("loyalty_b2b2c_portal.portal_my_requests", values)
        response.status_code = 400 if error else 200
        return response
