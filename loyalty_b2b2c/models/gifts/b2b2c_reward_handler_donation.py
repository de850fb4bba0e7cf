from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rewards.b2b2c_reward_handler import Question, Refusal


class B2b2cReward(models.Model):
    """A reward may be that somebody else gets something."""

    _inherit = "b2b2c.reward"

    kind = fields.Selection(
        selection_add=[("donation", "Donation")], ondelete={"donation": "set default"}
    )
    cause_ids = fields.Many2many(
        "b2b2c.cause",
        "b2b2c_reward_cause_rel",
        string="Causes",
        domain="[('company_id', '=', company_id)]",
        help="What can be donated for. Several: the participant chooses one.",
    )

    @api.constrains("kind", "cause_ids", "company_id", "price_kind")
    def _check_donation(self):
        for reward in self.filtered(lambda reward: reward.kind == "donation"):
            if not reward.cause_ids:
                raise ValidationError(
                    self.env._("Say what “%s” is donated for.", reward.name)
                )
            if reward.cause_ids.company_id - reward.company_id:
                raise ValidationError(
                    self.env._("Causes belong to the company of the reward.")
                )
            if reward.price_kind == "free":
                raise ValidationError(self.env._("A donation takes something."))


class B2b2cRewardHandlerDonation(models.AbstractModel):
    """Points are spent for a cause, at once unless somebody looks at each request."""

    _name = "b2b2c.reward.handler.donation"
    _description = "Kind of Reward: Donation"
    _inherit = "b2b2c.reward.handler"
    _icon = "fa-heart"

    @api.model
    def _word_giving(self, reward):
        return self.env._("We pass on what your points are worth.")

    @api.model
    def _check(self, offer):
        if offer.reward.cause_ids.filtered("active"):
            return None
        return Refusal("no_cause", self.env._("Donations have ended."))

    @api.model
    def _get_questions(self, offer):
        causes = offer.reward.cause_ids.filtered("active")
        if len(causes) < 2:
            return ()
        options = tuple((str(cause.id), cause.name) for cause in causes)
        return (Question("cause", self.env._("What for"), "choice", options),)

    @api.model
    def _read_answers(self, offer, answers):
        read = super()._read_answers(offer, answers)
        only = offer.reward.cause_ids.filtered("active")[:1]
        return {"cause_id": int(read.get("cause") or only.id)}

    @api.model
    def _reserve(self, request, answers):
        request.cause_id = answers["cause_id"]

    @api.model
    def _is_instant(self, reward):
        return not reward.needs_approval

    @api.model
    def _get_cost(self, request, quantity):
        """Return what the points are worth: that is paid out."""
        return request._get_worth_of(quantity)

    @api.model
    def _describe(self, request):
        description = super()._describe(request)
        cause = request.cause_id
        lines = (
            self.env._("For: %s", cause.name),
            *((cause.description,) if cause.description else ()),
            *description.lines,
        )
        status = self.env._("Donated") if request.state == "fulfilled" else ""
        return replace(description, lines=lines, status=status)
