import uuid

from werkzeug.exceptions import NotFound

from odoo.http import request, route

from odoo.addons.loyalty_b2b2c.engine.typed_text import read_token
from odoo.addons.loyalty_b2b2c.exceptions import RedemptionError

from ..addresses import PATHS, path
from ..pages.pictures import SIZES
from ..pages.shelf import read_asked
from ..pages.store import Store, question_rows, read_answers
from .portal import LoyaltyPortal

_REWARD = PATHS["reward"].format(reward="<int:reward_id>")


class LoyaltyStorePortal(LoyaltyPortal):
    """Rewards for points, on the participant's phone.

    Opening a page changes nothing; the calls that do are forms.  Sending one again is
    harmless: the page chose the request's key, and a favourite is told, not toggled.
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
    def portal_my_store(self, **query):
        return self._render_catalogue(self._get_store(), query)

    @route(
        f"{_REWARD}/favourite",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_store_favourite(self, reward_id, wanted="", back="", **query):
        """Put a reward among the favourites, or take it out; return where it was."""
        store = self._get_store()
        reward = store.get_reward(reward_id)
        if not reward:
            raise NotFound()
        request.env["b2b2c.reward.favourite"].sudo()._mark(
            store.person, reward, wanted == "1"
        )
        if back == "reward":
            return request.redirect(path("reward", reward=reward.id), code=303)
        asked = read_asked(query, self._parse_id)
        return request.redirect(f"{store.path(asked)}#reward-{reward.id}", code=303)

    # === ONE REWARD === #

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
    def portal_my_store_image(self, reward_id, w=None, **kw):
        """The picture of a reward that is offered to the person, or was requested."""
        reward = self._get_store().get_seen_reward(reward_id)
        if not reward:
            raise NotFound()
        field = SIZES.get(self._parse_id(w), SIZES[512])
        stream = request.env["ir.binary"]._get_image_stream_from(reward, field)
        return stream.get_response()

    @route(
        PATHS["category_image"].format(category="<int:category_id>"),
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_store_category_image(self, category_id, **kw):
        """The picture of a category with something that is offered to the person."""
        category = self._get_store().get_category(category_id)
        if not category:
            raise NotFound()
        stream = request.env["ir.binary"]._get_image_stream_from(category, "image_256")
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
        _store, reward, offers = self._get_store_offers(reward_id, wanted, member)
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

    # === HELPERS === #

    def _get_store(self):
        """Return the store as the logged-in person sees it.

        :raise NotFound: the person does not take part
        """
        return Store(self._require_portal_members())

    def _read_wanted(self, quantity, amount):
        """Return how much of a reward a form asks for, as the offer wants it."""
        return {"quantity": self._parse_id(quantity) or 0, "amount": amount or None}

    def _get_store_offers(self, reward_id, wanted=None, chosen=None, store=None):
        """Return the store, a reward and what it would be for the person.

        :param wanted: how much of it, see :meth:`_read_wanted`
        :param chosen: id of a membership as the form sent it, whose offer comes first;
            another's is ignored
        :param store: the store that is looked at, the person's own by default
        :raise NotFound: unknown or not for this person: the answer is the same
        """
        store = store or self._get_store()
        reward = store.get_reward(reward_id)
        if not reward:
            raise NotFound()
        offers = store.get_offers(reward, **(wanted or {}))
        return (
            store,
            reward,
            sorted(offers, key=lambda offer: str(offer.member.id) != chosen),
        )

    def _render_catalogue(self, store, query):
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_store",
            **store.catalogue(read_asked(query, self._parse_id)),
        )
        return request.render("loyalty_b2b2c_portal.portal_my_store", values)

    def _render_reward(
        self,
        template,
        reward_id,
        wanted=None,
        chosen=None,
        answers=None,
        error=None,
        store=None,
    ):
        store, _reward, offers = self._get_store_offers(
            reward_id, wanted, chosen, store
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="b2b2c_store_reward",
            row=store.row(offers[0]),
            choices=[store.choice(offer) for offer in offers],
            purses=store.purses(),
            preview=store.get_preview(),
            action=store.path(),
            questions=question_rows(offers[0], answers or {}),
            key=str(uuid.uuid4()),
            error=error,
        )
        return self._respond(template, values, error)
