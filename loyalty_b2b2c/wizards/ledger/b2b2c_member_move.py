from odoo import fields, models


class B2b2cMemberMove(models.TransientModel):
    """What becomes of the points when somebody changes to another company."""

    _inherit = "b2b2c.member.move"

    points_policy = fields.Selection(
        [
            ("transfer", "Go along"),
            ("keep", "Stay with the old membership, where they can still be spent"),
        ],
        string="Available Points",
        required=True,
        default="transfer",
    )

    def _prepare_move(self):
        values = super()._prepare_move()
        return {**values, "transfer": self.points_policy == "transfer"}
