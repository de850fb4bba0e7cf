from dataclasses import replace

from odoo import api, models


class B2b2cRewardHandlerManual(models.AbstractModel):
    """Somebody hands the reward over, and says so by fulfilling the request."""

    _name = "b2b2c.reward.handler.manual"
    _description = "Kind of Reward: Handed Over"
    _inherit = "b2b2c.reward.handler"

    @api.model
    def _word_giving(self, reward):
        return self.env._("We hand it over, and tell you as soon as it is ready.")

    @api.model
    def _describe(self, request):
        description = super()._describe(request)
        if request.state != "requested" or description.next_step:
            return description
        waits = self.env._("We tell you as soon as it is ready.")
        return replace(description, next_step=waits)
