"""What happens in shops: goods arrive, are sold and scanned, points are spent."""

import uuid

from odoo.addons.loyalty_b2b2c.exceptions import LoyaltyError

CARDS = 900
_SATURDAY = 5


class Shops:
    """Shops of the network, their owners and salespeople.

    :param days: :class:`~.days.Days`
    :param shops: shop -> (owner, salespeople)
    """

    def __init__(self, days, shops):
        self.days, self.env, self.rng = days, days.env, days.rng
        env = days.env
        self.shops = dict(shops)
        corner = env.ref("__demo__.b2b2c_shop")
        ihor = env.ref("__demo__.b2b2c_member_ihor")
        self.shops[corner] = ihor, [env.ref("__demo__.b2b2c_member_nina")]
        #: who sells more, and who less
        sellers = [one for _owner, some in self.shops.values() for one in some]
        self.share = {one: self.rng.uniform(0.15, 0.55) for one in sellers}
        self.rewards = [
            env.ref(f"__demo__.b2b2c_reward_{key}")
            for key in ("mug", "notebook", "tickets", "rucksack", "cinema")
        ]
        self.manager = env["res.users"].search([("login", "=", "manager")])
        self.codes = self._make_codes()
        self.number = 700

    def _make_codes(self):
        """Make cards for the toner of half a year; return what stands on them."""
        batch = self.env["b2b2c.code.batch"].create(
            {
                "name": "Warranty cards, first half of the year",
                "product_id": self.env.ref("__demo__.b2b2c_product_toner").id,
                "count": CARDS,
            }
        )
        batch.action_make()
        codes = self.env["b2b2c.code"].search([("batch_id", "=", batch.id)])
        texts = codes.mapped("code")
        self.rng.shuffle(texts)  # cards are sold in no order
        return iter(texts)

    def plan_day(self, morning):
        """Draw what happens in the shops on a day."""
        if morning.weekday() > _SATURDAY:
            return
        for seller, share in self.share.items():
            for _card in range(self.rng.choice((1, 1, 2, 3))):
                if self.rng.random() < share:
                    self.days.later(0, self._scan, seller)
        if morning.weekday() == 1:
            for shop, (owner, _sellers) in self.shops.items():
                self.days.later(0, self._ship, shop, owner)
        for owner, sellers in self.shops.values():
            for member in (owner, *sellers):
                if self.rng.random() < 0.02:
                    self.days.later(0, self._spend, member)

    def _scan(self, seller):
        text = next(self.codes, None)
        if text and seller.enrolled_at <= self.days.now:
            self.env["b2b2c.scan"]._take(seller, text, uuid.uuid4().hex)

    def _ship(self, shop, owner):
        self.number += 1
        lines = {
            code: self.rng.randint(5, 30)
            for code in self.rng.sample(("PAPER", "CARD", "TONER"), 2)
        }
        self.env["b2b2c.intake"]._record(
            {
                "type": "shipment",
                "reference": f"WB-0{self.number}",
                "occurred_at": self.days.now.isoformat() + "+00:00",
                "partner": {"id": shop.id},
                "lines": [
                    {"product": product, "quantity": quantity}
                    for product, quantity in lines.items()
                ],
            },
            company=owner.company_id,
            channel="import",
            reporter=self.env.ref("__demo__.b2b2c_distributor"),
        )

    def _spend(self, member):
        """Ask for the dearest thing somebody can have; somebody hands it over later."""
        unit = self.env.ref("loyalty_b2b2c.unit_points")
        have = member._get_account(unit).balance_available
        possible = [
            reward
            for reward in self.rewards
            if reward.points <= have and self._is_for(reward, member)
        ]
        if not possible:
            return
        reward = max(possible, key=lambda reward: reward.points)
        try:
            redemption = self.env["b2b2c.redemption"]._request(
                member, reward, request_key=uuid.uuid4().hex
            )
        except LoyaltyError:  # the limit of the month, or nothing is left
            return
        if redemption.state == "requested":
            if self.rng.random() < 0.06:
                self.days.later(2, redemption._refuse, self.manager, "Out of stock")
            else:
                self.days.later(
                    self.rng.randint(1, 4), redemption._fulfil, self.manager
                )

    def _is_for(self, reward, member):
        return not reward.role_ids or member.role in reward.role_ids.mapped("role")
