from odoo import api, fields, models

from ...const import POINTS


class B2b2cChallengeShopTarget(models.Model):
    """What a shop is to reach by itself in each round of a contest of shops."""

    _name = "b2b2c.challenge.shop.target"
    _description = "Target of a Shop"
    _inherit = "b2b2c.counterparty"
    _order = "challenge_id, employer_id, id"
    _rec_name = "employer_id"
    _counterparty = ("employer_id",)

    challenge_id = fields.Many2one(
        "b2b2c.challenge", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="challenge_id.company_id", store=True)
    employer_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        string="Company or Shop",
        domain="[('is_company', '=', True)]",
    )
    target = fields.Float(**POINTS, required=True)

    _shop_once = models.UniqueIndex(
        "(challenge_id, employer_id)", "This shop has a target already."
    )
    _target_is_positive = models.Constraint(
        "CHECK (target > 0)", "A target is more than nothing."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets.challenge_id._check_draft()
        return targets

    def write(self, vals):
        self.check_access("write")
        self.challenge_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self.challenge_id._check_draft()
