from dataclasses import replace

from odoo import api, models

from ...engine.typed_text import get_readable
from .b2b2c_reward_handler import Question

_LONGEST = 200  # characters of a wish


class B2b2cRewardHandlerManual(models.AbstractModel):
    """Somebody hands the reward over, and says so by fulfilling the request."""

    _name = "b2b2c.reward.handler.manual"
    _description = "Kind of Reward: Handed Over"
    _inherit = "b2b2c.reward.handler"

    @api.model
    def _word_giving(self, reward):
        if reward.pickup_place:
            return self.env._("You collect it at: %s", reward.pickup_place)
        return self.env._("We hand it over, and tell you as soon as it is ready.")

    @api.model
    def _get_questions(self, offer):
        if offer.reward.pickup_place:
            return ()
        return (
            Question(
                "wish",
                self.env._("Where should we hand it over?"),
                help=self.env._("For instance: in the shop, or an address and a time."),
                is_required=False,
            ),
        )

    @api.model
    def _read_answers(self, offer, answers):
        read = super()._read_answers(offer, answers)
        return {
            name: " ".join(get_readable(text).split())[:_LONGEST]
            for name, text in read.items()
        }

    @api.model
    def _reserve(self, request, answers):
        request.handover_wish = answers.get("wish") or False
        return super()._reserve(request, answers)

    @api.model
    def _describe(self, request):
        description = super()._describe(request)
        if request.handover_wish:
            wish = self.env._("Your wish: %s", request.handover_wish)
            description = replace(description, lines=(*description.lines, wish))
        if request.state != "requested" or description.next_step:
            return description
        waits = self.env._("We tell you as soon as it is ready.")
        return replace(description, next_step=waits)
