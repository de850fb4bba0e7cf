from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Stored value of the terminal that is none: points, for ever.
POINTS = "b2b2c"


class PosPaymentMethod(models.Model):
    """Points as a way to pay: a terminal whose answers come from the ledger.

    The closing of a session books what was paid so from the debt of the customers to
    the outstanding account of the method, which is the account of points owed.
    """

    _inherit = "pos.payment.method"

    b2b2c_unit_id = fields.Many2one(
        "b2b2c.unit",
        string="Points",
        ondelete="restrict",
        copy=False,
        help="The unit whose points pay. What a point pays is the value that people "
        "read of it.",
    )

    def _get_payment_terminal_selection(self):
        return [
            *super()._get_payment_terminal_selection(),
            (POINTS, self.env._("Points of Loyalty Rewards")),
        ]

    @api.onchange("use_payment_terminal")
    def _onchange_use_payment_terminal(self):
        result = super()._onchange_use_payment_terminal()
        if self.use_payment_terminal != POINTS:
            self.b2b2c_unit_id = False
        return result

    @api.constrains(
        "use_payment_terminal",
        "b2b2c_unit_id",
        "journal_id",
        "outstanding_account_id",
        "split_transactions",
        "company_id",
        "active",
    )
    def _check_b2b2c_points(self):
        for method in self.sudo():
            if method.use_payment_terminal == POINTS:
                method._check_takes_points()
            elif method.b2b2c_unit_id:
                raise ValidationError(
                    self.env._("Only a method that takes points names their unit.")
                )

    def _check_takes_points(self):
        """Refuse a method with which points would be taken wrongly.

        :raise ValidationError: says what is wrong
        """
        unit = self.b2b2c_unit_id
        if not unit:
            raise ValidationError(self.env._("Say which points “%s” takes.", self.name))
        if unit.company_id and unit.company_id != self.company_id:
            raise ValidationError(
                self.env._("“%s” are points of another company.", unit.name)
            )
        if self.journal_id.type != "bank" or not self.outstanding_account_id:
            raise ValidationError(
                self.env._(
                    "“%s” needs a bank journal and the account of points owed as its "
                    "outstanding account.",
                    self.name,
                )
            )
        if self.split_transactions:
            raise ValidationError(
                self.env._(
                    "“%s” asks for no customer: who pays is the participant whose "
                    "code was shown.",
                    self.name,
                )
            )
        others = self.search_count(
            [
                ("use_payment_terminal", "=", POINTS),
                ("b2b2c_unit_id", "=", unit.id),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if others and self.active:
            raise ValidationError(
                self.env._("There is a method that takes “%s” already.", unit.name)
            )
