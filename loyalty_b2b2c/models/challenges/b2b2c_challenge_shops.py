from odoo import fields, models
from odoo.exceptions import UserError


class B2b2cChallenge(models.Model):
    """What a shop's score is, where shops compete."""

    _inherit = "b2b2c.challenge"

    shop_metric = fields.Selection(
        [
            ("total", "All that its people score"),
            ("per_head", "The average of its people"),
            ("percent_of_target", "The share of its own target (%)"),
        ],
        required=True,
        default="total",
        string="Score of a Shop",
        help="The average counts everybody who may take part there, also who scored "
        "nothing.",
    )
    shop_min_size = fields.Integer(
        default=1,
        string="People per Shop at Least",
        help="Smaller shops do not compete: one person alone would be ahead of every "
        "average.",
    )
    shop_target_ids = fields.One2many(
        "b2b2c.challenge.shop.target",
        "challenge_id",
        copy=True,
        string="Targets of Shops",
    )

    _shop_min_size_range = models.Constraint(
        "CHECK (shop_min_size BETWEEN 1 AND 1000)",
        "A shop that competes has one to a thousand people at least.",
    )

    def _check_draft(self):
        """Refuse to change what people count on.

        :raise UserError: one of these challenges was started
        """
        started = self.sudo().filtered(lambda challenge: challenge.state != "draft")
        if started:
            raise UserError(
                self.env._(
                    "“%s” was started: people count on what it says. Cancel it, or "
                    "copy it for the next round.",
                    started[0].name,
                )
            )
