from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.loyalty_b2b2c.const import STAFF

from .marks import OURS, marked


class ResCompany(models.Model):
    """On which terms orders of a company are paid in part with points."""

    _inherit = "res.company"

    b2b2c_wallet_unit_id = fields.Many2one(
        "b2b2c.unit",
        string="Points That Pay",
        ondelete="restrict",
        groups=STAFF,
        help="Participants pay a part of an order with points of this unit, at the "
        "value people read. Empty: orders are paid in money only.",
    )
    b2b2c_wallet_kind = fields.Selection(
        [("payment", "A payment"), ("discount", "A discount")],
        string="Points Count As",
        required=True,
        default="payment",
        groups=STAFF,
        help="A payment: taxes are those of the full price. A discount: the price is "
        "lower, and so are the taxes. Ask your accountant which is right.",
    )
    b2b2c_wallet_limit = fields.Float(
        string="Most of an Order",
        digits=False,
        default=100,
        groups=STAFF,
        help="How many percent of an order points may pay.",
    )
    b2b2c_wallet_account_id = fields.Many2one(
        "account.account",
        string="Account of Part Payments",
        ondelete="restrict",
        check_company=True,
        groups=STAFF,
        help="Invoices book here what was paid in points: usually the liability for "
        "points. Empty: the income account of your products.",
    )

    @api.constrains("b2b2c_wallet_limit")
    def _check_b2b2c_wallet_limit(self):
        for company in self:
            if not 0 <= company.b2b2c_wallet_limit <= 100:
                raise ValidationError(
                    self.env._("Points pay between 0 and 100 percent of an order.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._b2b2c_prepare_wallet()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if any(name.startswith("b2b2c_wallet_") for name in vals):
            self._b2b2c_prepare_wallet()
        return result

    def _b2b2c_prepare_wallet(self):
        """Have core's program ready for companies that take points."""
        programs = self.env["loyalty.program"].sudo()
        for company in self.sudo().filtered("b2b2c_wallet_unit_id"):
            program = programs._b2b2c_get_wallet(company)
            program = program or programs._b2b2c_create_wallet(company)
            product = program.reward_ids.discount_line_product_id
            with marked(OURS):
                product.with_company(
                    company
                ).property_account_income_id = company.b2b2c_wallet_account_id
