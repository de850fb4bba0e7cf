from odoo import Command, api, fields, models

from .marks import OURS, marked

#: How points pay -> what core calls such a program.  A payment leaves the taxes alone,
#: a discount lowers what they are computed from.
TYPES = {"payment": "ewallet", "discount": "loyalty"}


class LoyaltyProgram(models.Model):
    """The wallet of points: core's program behind part payments, one per company.

    Core only needs it to know how lines of points behave.  What a point pays, and how
    many an order takes, is ours.
    """

    _name = "loyalty.program"
    _inherit = ["loyalty.program", "b2b2c.wallet.kept"]

    b2b2c_wallet = fields.Selection(
        [("payment", "Payment"), ("discount", "Discount")],
        string="Points As",
        readonly=True,
        copy=False,
        groups="loyalty_b2b2c.group_user",
    )

    _b2b2c_one_wallet = models.UniqueIndex(
        "(company_id, b2b2c_wallet) WHERE b2b2c_wallet IS NOT NULL",
        "A company has one wallet of points of each kind.",
    )

    def _get_wallet_program(self):
        return self.sudo()

    @api.model
    def _b2b2c_get_wallet(self, company):
        """Return the program of a company's part payments as they are now (sudo)."""
        return self.sudo().search(
            [
                ("b2b2c_wallet", "=", company.sudo().b2b2c_wallet_kind),
                ("company_id", "=", company.id),
            ]
        )

    @api.model
    def _b2b2c_create_wallet(self, company):
        """Create the program of a company's part payments."""
        kind = company.sudo().b2b2c_wallet_kind
        name = self.env._("Part payment in points")
        values = {
            "name": name,
            "program_type": TYPES[kind],
            "b2b2c_wallet": kind,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            # both: core neither issues cards for it, nor offers it by itself
            "applies_on": "both",
            "trigger": "auto",
            "portal_visible": False,
            "rule_ids": [Command.clear()],  # a wallet earns nothing
            "communication_plan_ids": [Command.clear()],
            "reward_ids": [
                Command.create(
                    {
                        "description": name,
                        "reward_type": "discount",
                        "discount_mode": "per_point",
                        "discount_applicability": "order",
                        "discount": 1,
                        "required_points": 1,
                    }
                )
            ],
        }
        if "pos_ok" in self._fields:
            values["pos_ok"] = False  # the till has a way of its own
        with marked(OURS):
            program = self.sudo().create(values)
            program.reward_ids.discount_line_product_id.uom_id = self.env.ref(
                "loyalty_b2b2c_wallet.uom_point"
            )
        return program

    @api.model
    def _b2b2c_close_wallets(self):
        """Empty the cards and archive the programs: their points are in the ledger."""
        programs = self.search([("b2b2c_wallet", "!=", False)])
        with marked(OURS):
            programs.coupon_ids.with_context(loyalty_no_mail=True).points = 0
            programs.active = False
