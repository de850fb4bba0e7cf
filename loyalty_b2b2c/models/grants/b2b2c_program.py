from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class B2b2cProgram(models.Model):
    """A program grants a reward: its points are exchanged for it at once."""

    _inherit = "b2b2c.program"

    grant_reward_id = fields.Many2one(
        "b2b2c.reward",
        string="Exchanged at Once For",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('unit_id', '=', unit_id), "
        "('price_kind', '=', 'fixed')]",
        tracking=True,
        help="What participants earn here is exchanged for this reward as soon as it "
        "is usable: a coupon for the first sale, a certificate for every tenth. Use a "
        "unit of its own, so that one point is one certificate.",
    )

    @api.constrains("grant_reward_id", "unit_id", "company_id")
    def _check_grant_reward(self):
        for program in self:
            reward = program.grant_reward_id
            if reward and (reward.unit_id, reward.company_id, reward.price_kind) != (
                program.unit_id,
                program.company_id,
                "fixed",
            ):
                raise ValidationError(
                    self.env._(
                        "“%(reward)s” cannot be granted by “%(program)s”: it takes a "
                        "fixed price in the unit of the program.",
                        reward=reward.name,
                        program=program.name,
                    )
                )

    @api.model
    @tools.ormcache(cache="default")
    def _get_granted_rewards(self):
        """Return program id -> id of the reward its points are exchanged for.

        Cached: every change of a program clears the registry cache.
        """
        programs = self.sudo().with_context(active_test=False)
        granting = programs.search([("grant_reward_id", "!=", False)])
        return {program.id: program.grant_reward_id.id for program in granting}
