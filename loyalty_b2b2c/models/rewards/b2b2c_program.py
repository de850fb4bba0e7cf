from odoo import models

from ..mechanics.mechanic import NextStep


class B2b2cProgram(models.Model):
    """Points are worth something when there are rewards to have for them."""

    _inherit = "b2b2c.program"

    def _get_next_steps(self):
        return [*super()._get_next_steps(), self._get_reward_step()]

    def _get_reward_step(self):
        rewards = self.env["b2b2c.reward"].search(
            [("company_id", "=", self.company_id.id), ("unit_id", "=", self.unit_id.id)]
        )
        priced = rewards.filtered(lambda one: one.price_kind == "fixed")
        note = self.env._("There is nothing to have for the points yet.")
        if rewards:
            note = self.env._("Rewards to have: %s", len(rewards))
        if priced:
            least = self.unit_id._format(min(priced.mapped("points")))
            note = self.env._(
                "Rewards to have: %(count)s, from %(points)s",
                count=len(rewards),
                points=least,
            )
        return NextStep(
            code="rewards",
            order=40,
            label=self.env._("Offer rewards to spend on"),
            note=note,
            is_done=bool(rewards) or self.unit_id.kind == "money",
            button=self.env._("Add a Reward"),
            act=lambda: self._open_in_dialog(
                "b2b2c.reward",
                self.env._("New Reward"),
                default_unit_id=self.unit_id.id,
                default_company_id=self.company_id.id,
            ),
        )
