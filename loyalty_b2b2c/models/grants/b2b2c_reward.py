from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine import to_decimal


class B2b2cReward(models.Model):
    """A reward that programs grant."""

    _inherit = "b2b2c.reward"

    granting_program_ids = fields.One2many(
        "b2b2c.program", "grant_reward_id", string="Granted By"
    )
    is_grant_only = fields.Boolean(
        string="Not in the Catalogue",
        help="Only who has the points for it sees it: while a reward that was granted "
        "waits, for instance because none is left.",
    )
    grant_ids = fields.One2many("b2b2c.grant", "reward_id")
    grant_activity_id = fields.Many2one(
        "mail.activity", readonly=True, copy=False, ondelete="set null"
    )

    @api.constrains("unit_id", "company_id", "price_kind")
    def _check_granting_programs(self):
        for reward in self:
            reward.sudo().granting_program_ids._check_grant_reward()

    @api.constrains("is_grant_only", "price_kind")
    def _check_grant_only(self):
        for reward in self:
            if reward.is_grant_only and reward.price_kind != "fixed":
                raise ValidationError(
                    self.env._("A reward that is only granted has a fixed price.")
                )

    def _is_for(self, member):
        if not super()._is_for(member):
            return False
        return not self.is_grant_only or self._get_balance(member) >= to_decimal(
            self.points
        )

    def _alert_waiting(self, problem):
        """Give the manager a to-do, once: what was granted cannot be given.

        :param str problem: why not
        """
        self.ensure_one()
        user = self.company_id._get_loyalty_manager()
        if self.grant_activity_id or not user:
            return
        reward = self.with_context(lang=user.lang)
        self.grant_activity_id = self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=reward.env._("Participants wait for a reward that was granted"),
            note=reward.env._(
                "“%(reward)s” was granted and cannot be given: %(problem)s It is tried "
                "again every hour.",
                reward=reward.name,
                problem=problem,
            ),
            user_id=user.id,
        )

    def _forget_alert(self):
        """Take the to-do back when nobody waits any more."""
        for reward in self.filtered("grant_activity_id"):
            if not reward.grant_ids.filtered(lambda grant: grant.state == "waiting"):
                reward.grant_activity_id.unlink()
