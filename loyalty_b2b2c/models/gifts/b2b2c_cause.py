from odoo import api, fields, models


class B2b2cCause(models.Model):
    """What participants donate their points for; the company pays their worth out."""

    _name = "b2b2c.cause"
    _description = "Cause"
    _inherit = "b2b2c.counterparty"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Paid Out To",
        required=True,
        ondelete="restrict",
        help="Whom the worth of the donated points is paid out to.",
    )
    description = fields.Text(
        translate=True, help="What the donations do; participants read it."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    redemption_ids = fields.One2many("b2b2c.redemption", "cause_id", "Donations")
    donated = fields.Monetary(
        compute="_compute_figures", help="Worth of all donations."
    )
    to_pay = fields.Monetary(
        compute="_compute_figures", help="What no vendor bill has been made for yet."
    )

    @api.depends("redemption_ids.worth", "redemption_ids.bill_id.state")
    def _compute_figures(self):
        for cause in self:
            given = cause.sudo().redemption_ids.filtered("quantity_kept")
            cause.donated = sum(given.mapped("worth"))
            cause.to_pay = sum(given._get_unbilled().mapped("worth"))

    def action_open_donations(self):
        """Open the donations for these causes."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_redemption_action_donations"
        )
        return dict(action, domain=[("cause_id", "in", self.ids)], context={})
