from odoo import api, fields, models


class B2b2cRewardCategory(models.Model):
    """A shelf of the storefront: rewards of one sort, in the order people read them."""

    _name = "b2b2c.reward.category"
    _description = "Category of Rewards"
    _inherit = ["image.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    reward_ids = fields.One2many("b2b2c.reward", "category_id")
    reward_count = fields.Integer(compute="_compute_reward_count", string="Rewards")

    @api.depends("reward_ids")
    def _compute_reward_count(self):
        groups = self.env["b2b2c.reward"]._read_group(
            [("category_id", "in", self.ids)], ["category_id"], ["__count"]
        )
        counts = {category.id: count for category, count in groups}
        for category in self:
            category.reward_count = counts.get(category.id, 0)

    def action_open_rewards(self):
        """Open the rewards of this category."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_reward_action"
        )
        return dict(
            action,
            domain=[("category_id", "=", self.id)],
            context={"default_category_id": self.id},
        )
