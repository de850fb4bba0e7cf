"""What a person reads before choosing points for an order."""

from dataclasses import dataclass
from decimal import Decimal

from odoo.tools import format_amount

from odoo.addons.loyalty_b2b2c.engine import as_text
from odoo.addons.loyalty_b2b2c.engine.part_payment import Terms
from odoo.addons.loyalty_b2b2c.values import shown


@dataclass(frozen=True, kw_only=True)
class Offer:
    """How many points can pay for an order.

    :param order: ``sale.order``
    :param unit: ``b2b2c.unit`` of the points
    :param points: what the participant has for it
    :param most: the most it takes
    :param chosen: what it is paid with now
    :param wanted: what was chosen
    """

    order: object
    unit: object
    points: Decimal
    most: Decimal
    chosen: Decimal
    wanted: Decimal
    terms: Terms

    @property
    def available(self):
        """What the participant has, with its unit."""
        return self.unit._format(self.points)

    @property
    def sentence(self):
        """Why the order is not paid as it was chosen; empty when it is."""
        env = self.order.env
        if self.chosen and self.chosen < self.wanted:
            return env._(
                "%(chosen)s instead of %(wanted)s: that is what there is, and what "
                "this order takes, now.",
                chosen=self.unit._format(self.chosen),
                wanted=self.unit._format(self.wanted),
            )
        if self.wanted and not self.chosen:
            return env._("The points that were chosen cannot be used any more.")
        if not self.points:
            return env._("There are no points to use.")
        if not self.most:
            return env._("This order takes no points.")
        return ""

    def word_most(self):
        """The most the order takes, and what it pays: ``"500 pts = $ 50.00"``."""
        return f"{self.unit._format(self.most)} = {self.word_money(self.most)}"

    def word_money(self, points):
        """What points pay, with the currency of the order."""
        money = shown(self.terms.worth(points))
        return format_amount(self.order.env, money, self.order.currency_id)

    def word_chosen(self):
        """The number of points that pay now, for a field; empty for none."""
        return as_text(self.chosen) if self.chosen else ""
