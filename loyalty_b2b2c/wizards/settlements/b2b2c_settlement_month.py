from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...models.settlements.b2b2c_settlement_line import SIDE_LABELS
from ...values import shown


class B2b2cSettlementMonth(models.TransientModel):
    """Shows what would be settled with every partner, and settles it when asked to.

    Looking creates nothing, so any day can be looked at; only a period that is over is
    settled.
    """

    _name = "b2b2c.settlement.month"
    _description = "Settle a Month"
    _inherit = "b2b2c.dialog"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._get_month()[0]
    )
    date_to = fields.Date(
        "Until", required=True, default=lambda self: self._get_month()[1]
    )
    agreement_ids = fields.Many2many(
        "b2b2c.partner.agreement",
        string="Partners",
        help="Empty: all of them.",
        domain="[('company_id', '=', company_id), ('state', '!=', 'draft')]",
    )
    row_ids = fields.One2many(
        "b2b2c.settlement.month.row", "wizard_id", readonly=True, string="What Is Open"
    )
    obstacles = fields.Text(readonly=True)
    is_shown = fields.Boolean(readonly=True)

    @api.model
    def _get_month(self):
        return self.env["b2b2c.settlement"]._get_last_month(self.env.company)

    @api.constrains("date_from", "date_to")
    def _check_days(self):
        for wizard in self:
            if wizard.date_to < wizard.date_from:
                raise ValidationError(self.env._("A period ends after it begins."))

    def action_preview(self):
        """Show what is open, creating no settlement."""
        self.ensure_one()
        self._check_officer()
        settlements = self.env["b2b2c.settlement"].sudo()
        agreements = self._get_chosen()
        self.row_ids.unlink()
        rows = []
        if agreements:
            figures = settlements._preview(agreements, self.date_to)
            for (agreement_id, side), (count, amount, corrections) in sorted(
                figures.items()
            ):
                rows.append(
                    {
                        "wizard_id": self.id,
                        "agreement_id": agreement_id,
                        "side": side,
                        "count": count,
                        "corrections": corrections,
                        "amount": shown(amount),
                    }
                )
            sentences = settlements._get_obstacles(agreements, self.date_to)
            self.obstacles = "\n".join(sentences)
        self.env["b2b2c.settlement.month.row"].create(rows)
        self.is_shown = True
        return self._reopen()

    def action_settle(self):
        """Draft a settlement with every partner something is open with.

        :raise UserError: the period is not over, or nothing is open
        """
        self.ensure_one()
        self._check_officer()
        settlements = self.env["b2b2c.settlement"]
        made = settlements
        for agreement in self._get_chosen():
            made |= settlements._draft(agreement, self.date_from, self.date_to)
        if not made:
            raise UserError(
                self.env._("There is nothing to settle until %s.", self.date_to)
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_settlement_action"
        )
        return dict(action, domain=[("id", "in", made.ids)], context={})

    def _check_officer(self):
        """Refuse who may not settle.

        :raise UserError: the user is no officer
        """
        self.env["b2b2c.settlement"]._check_officer()
        self.check_access("read")

    def _get_chosen(self):
        """Return the agreements to settle with (sudo)."""
        if self.agreement_ids:
            return self.agreement_ids.sudo()
        settlements = self.env["b2b2c.settlement"]
        return settlements._get_agreements(
            self.company_id.sudo(), self.date_from, self.date_to
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


class B2b2cSettlementMonthRow(models.TransientModel):
    """A side of a partner that is open."""

    _name = "b2b2c.settlement.month.row"
    _description = "What Is Open with a Partner"
    _inherit = "b2b2c.dialog"
    _order = "agreement_id, side"

    wizard_id = fields.Many2one(
        "b2b2c.settlement.month", required=True, readonly=True, ondelete="cascade"
    )
    agreement_id = fields.Many2one("b2b2c.partner.agreement", readonly=True)
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    side = fields.Selection(SIDE_LABELS, readonly=True)
    count = fields.Integer("Facts", readonly=True)
    corrections = fields.Integer(
        readonly=True, help="Lines that correct what was settled before."
    )
    amount = fields.Monetary(readonly=True)
