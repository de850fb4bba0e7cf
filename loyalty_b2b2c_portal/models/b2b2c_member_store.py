from odoo import models
from odoo.tools import format_datetime

from ..pages import membership


class B2b2cMember(models.Model):
    """The page on which a participant spends points.

    What may be had, and for how much, is decided by ``b2b2c.reward._get_offer``; here
    it is worded.
    """

    # a page of its own: pylint: disable-next=consider-merging-classes-inherited
    _inherit = "b2b2c.member"

    def _has_portal_store(self):
        """Tell whether these people can, or could, have something for points."""
        requests = [("member_id", "in", self.ids)]
        return bool(self._get_portal_rewards()) or bool(
            self.env["b2b2c.redemption"].search_count(requests, limit=1)
        )

    def _get_portal_rewards(self):
        """Return the rewards that are offered to one of these people."""
        rewards = self.env["b2b2c.reward"].search(
            [("company_id", "in", self.company_id.ids)]
        )
        return rewards.filtered(
            lambda reward: any(reward._is_for(member) for member in self)
        )

    def _get_portal_offers(self, reward, quantity=1):
        """Return what a reward would be for each of these memberships that sees it.

        :return: list of offers, the one to propose first
        """
        offers = [
            reward._get_offer(member, quantity)
            for member in self
            if reward._is_for(member)
        ]
        return sorted(
            offers, key=lambda one: (bool(one.refusal), one.missing, -one.available)
        )

    def _get_portal_store(self):
        """Return the catalogue: list of dict, see ``b2b2c.reward``."""
        return [
            reward._get_portal_row(self._get_portal_offers(reward)[0])
            for reward in self._get_portal_rewards()
        ]

    def _get_portal_purses(self, rewards):
        """Return what these people can spend, a text per unit of the rewards."""
        purses = []
        for unit in rewards.unit_id:
            accounts = self.account_ids.filtered(lambda one, u=unit: one.unit_id == u)
            for account in accounts or self.env["b2b2c.account"]:
                if account.member_id.state != "merged":
                    purses.append(unit._format(account.balance_available))
            if not accounts:
                purses.append(unit._format(0))
        return purses

    def _get_portal_requests(self, offset, limit):
        """Return a page of what these people requested, newest first, as texts."""
        requests = self.env["b2b2c.redemption"].search(
            [("member_id", "in", self.ids)], offset=offset, limit=limit
        )
        return [request._get_portal_row() for request in requests]

    def _count_portal_requests(self):
        return self.env["b2b2c.redemption"].search_count(
            [("member_id", "in", self.ids)]
        )

    def _get_portal_request(self, request_id):
        """Return a request of one of these people, empty when it is none of theirs."""
        return self.env["b2b2c.redemption"].search(
            [("id", "=", request_id), ("member_id", "in", self.ids)]
        )


class B2b2cReward(models.Model):
    """A reward as a participant sees it."""

    _inherit = "b2b2c.reward"

    def _get_portal_row(self, offer):
        """Return an offer in words, for the catalogue and its pages."""
        self.ensure_one()
        unit = self.unit_id
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "image": self._get_portal_image(),
            "price": unit._format(offer.price),
            "points": str(offer.price),
            "quantity": offer.quantity,
            "total": unit._format(offer.total),
            "available": unit._format(offer.available),
            "left": unit._format(offer.left),
            "pieces": self.env._("%s left", self.stock_left) if self.is_limited else "",
            "refusal": offer.refusal,
            "missing": (
                self.env._("%s more", unit._format(offer.missing))
                if offer.missing
                else ""
            ),
            "sentence": offer.sentence,
            "progress": offer.progress,
            "member": offer.member.id,
            "who": membership.title(offer.member),
        }

    def _get_portal_image(self):
        """Return the address of the picture, empty when there is none."""
        if not self.image_128:
            return ""
        changed = int(self.write_date.timestamp())
        return f"/my/rewards/store/{self.id}/image?v={changed}"


class B2b2cRedemption(models.Model):
    """A request as its participant reads it."""

    _inherit = "b2b2c.redemption"

    def _get_portal_row(self):
        """Return this request in words; what is special about its kind of reward is
        said by the handler (``b2b2c.reward.handler``)."""
        self.ensure_one()
        description = self._describe()
        tones = {"requested": "warning", "fulfilled": "success", "refused": "danger"}
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "number": self.name,
            "title": description.title,
            "quantity": self.quantity,
            "image": self.reward_id._get_portal_image(),
            "day": format_datetime(self.env, self.requested_at, dt_format="short"),
            "points": self.account_id.unit_id._format(self.points),
            "status": states[self.state],
            "tone": tones.get(self.state, "secondary"),
            "lines": description.lines,
            "code": description.code,
            "picture": description.picture,
            "next_step": description.next_step,
            "next_url": description.next_url,
            "is_fulfilled": self.state == "fulfilled",
            "can_cancel": self.state == "requested",
        }
