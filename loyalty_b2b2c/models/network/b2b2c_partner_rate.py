from odoo import api, fields, models
from odoo.exceptions import ValidationError


class B2b2cPartnerRate(models.Model):
    """Who pays how much of a unit's points at a partner, from a day on.

    The rate of the day of the sale counts: a new one changes nothing before its day.
    """

    _name = "b2b2c.partner.rate"
    _description = "Partner Rate"
    _order = "unit_id, valid_from desc, id desc"

    agreement_id = fields.Many2one(
        "b2b2c.partner.agreement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="agreement_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    unit_id = fields.Many2one("b2b2c.unit", required=True, ondelete="restrict")
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    point_value = fields.Float(
        string="Value of a Point",
        digits=False,
        required=True,
        help="In the currency of the agreement: what a point given there counts.",
    )
    earned_percent = fields.Float(
        string="Partner Pays of Points Given",
        digits=(5, 2),
        help="Percent of the value of points that people earn there.",
    )
    spent_percent = fields.Float(
        string="We Pay of Money Paid with Points",
        digits=(5, 2),
        default=100,
        help="Percent of the money that people pay there with points.",
    )

    _once = models.UniqueIndex(
        "(agreement_id, unit_id, valid_from)", "There is a rate from this day already."
    )
    _amounts = models.Constraint(
        "CHECK (point_value > 0 AND earned_percent >= 0 AND earned_percent <= 100"
        " AND spent_percent >= 0 AND spent_percent <= 100)",
        "A point is worth something, and percentages are between 0 and 100.",
    )

    @api.constrains("valid_from", "agreement_id")
    def _check_not_before(self):
        for rate in self:
            if rate.valid_from > (rate.agreement_id.ends_on or rate.valid_from):
                raise ValidationError(
                    self.env._("A rate begins before its agreement ends.")
                )
