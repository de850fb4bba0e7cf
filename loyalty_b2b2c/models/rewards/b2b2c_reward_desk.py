from odoo import api, fields, models
from odoo.exceptions import ValidationError


class B2b2cReward(models.Model):
    """What those who hand rewards over have to know about one."""

    _inherit = "b2b2c.reward"

    needs_approval = fields.Boolean(
        "Somebody Looks at Each Request",
        help="Otherwise a request whose kind lets it fulfil itself goes on at once.",
    )
    deadline_days = fields.Integer(
        "Days to Fulfil", help="A request is overdue after so many days. 0: never."
    )
    responsible_id = fields.Many2one(
        "res.users",
        "Who Fulfils",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Is given an activity for each request that has a deadline.",
    )
    pickup_place = fields.Char(
        "Collected At",
        translate=True,
        help="Where participants collect it: they show a code there. Empty: it is "
        "given in another way.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(
        "Cost of a Piece",
        help="What one piece costs your company. 0: the cost of the product.",
    )

    # Figures
    quantity_given = fields.Integer("Given", compute="_compute_figures")
    quantity_waiting = fields.Integer("Waiting", compute="_compute_figures")
    total_cost = fields.Monetary("Cost", compute="_compute_figures")
    total_margin = fields.Monetary("Margin", compute="_compute_figures")

    _deadline_is_a_number = models.Constraint(
        "CHECK (coalesce(deadline_days, 0) BETWEEN 0 AND 3650)",
        "A deadline is between 0 and 3650 days.",
    )

    @api.depends("redemption_ids")
    def _compute_figures(self):
        names = ("quantity_kept:sum", "quantity_waiting:sum", "cost:sum", "margin:sum")
        groups = self.env["b2b2c.redemption"]._read_group(
            [("reward_id", "in", self.ids)], ["reward_id"], names
        )
        figures = {reward.id: row for reward, *row in groups}
        for reward in self:
            (
                reward.quantity_given,
                reward.quantity_waiting,
                reward.total_cost,
                reward.total_margin,
            ) = figures.get(reward.id, (0, 0, 0, 0))

    @api.constrains("cost")
    def _check_cost(self):
        for reward in self:
            if reward.cost < 0:
                raise ValidationError(self.env._("A cost cannot be negative."))

    def _get_piece_cost(self):
        """Return what one piece costs the company now, a float in its currency."""
        self.ensure_one()
        reward = self.sudo().with_company(self.company_id)
        return reward.cost or reward.product_id.standard_price

    def action_open_figures(self):
        """Open what was given of these rewards, and what it cost."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_redemption_action_figures"
        )
        return dict(action, domain=[("reward_id", "in", self.ids)], context={})
