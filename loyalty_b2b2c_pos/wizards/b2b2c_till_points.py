from odoo import api, fields, models

from odoo.addons.loyalty_b2b2c.models.liability.res_company import LIABILITY_TYPES


class B2b2cTillPoints(models.TransientModel):
    """Makes points a way to pay at tills: the method, and the journal it needs."""

    _name = "b2b2c.till.points"
    _description = "Points as Payment at Tills"
    _inherit = "b2b2c.dialog"

    config_ids = fields.Many2many("pos.config", string="Tills", required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    unit_id = fields.Many2one(
        "b2b2c.unit",
        string="Points",
        required=True,
        default=lambda self: self._get_default_unit(),
        help="What one of them pays is the value that people read of it.",
    )
    account_id = fields.Many2one(
        "account.account",
        string="Account of Points Owed",
        required=True,
        domain=[("account_type", "in", LIABILITY_TYPES)],
        default=lambda self: self.env.company.sudo().b2b2c_liability_account_id,
        help="What is paid in points lowers what is owed for points: the closing of a "
        "session books it here.",
    )

    @api.model
    def _get_default_unit(self):
        """Return the unit that can pay, if there is one only."""
        company = self.env.company
        units = self.env["b2b2c.unit"].search(
            [("company_id", "in", (False, company.id))]
        )
        worth = units.filtered(lambda unit: unit._get_face_value(company)[0])
        return worth if len(worth) == 1 else worth.browse()

    proof_above = fields.Monetary(
        string="PIN or Code Above",
        default=lambda self: self.env.company.sudo().b2b2c_spend_proof_above or 50.0,
        help="Who pays more than this in points within a day confirms it with a PIN "
        "or a code that is sent. 0: nobody is asked.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    def action_set_up(self):
        """Make the method, and give it to the tills."""
        self.ensure_one()
        self.config_ids._b2b2c_take_points(self.unit_id, self.account_id)
        self.company_id.sudo().b2b2c_spend_proof_above = self.proof_above
        return {"type": "ir.actions.act_window_close"}
