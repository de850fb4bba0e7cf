from odoo import fields, models

from ...values import shown
from ..base.days import get_today


class B2b2cPartnerAgreement(models.Model):
    """What is settled with a partner, and what is open."""

    _inherit = "b2b2c.partner.agreement"

    silence_days = fields.Integer(
        string="Silence Agrees After",
        help="Days after a settlement was sent. 0: as the company's settings say.",
    )
    settlement_ids = fields.One2many(
        "b2b2c.settlement", "agreement_id", readonly=True, copy=False
    )
    settlement_count = fields.Integer(compute="_compute_settlement_count")
    open_owes = fields.Monetary(
        compute="_compute_open",
        string="Owes, Not Settled",
        help="For points given there that are in no settlement yet.",
    )
    open_owed = fields.Monetary(
        compute="_compute_open",
        string="We Owe, Not Settled",
        help="For what was paid with points, or shipped, and is in no settlement yet.",
    )
    open_balance = fields.Monetary(compute="_compute_open")

    def _compute_settlement_count(self):
        counts = dict(
            self.env["b2b2c.settlement"]._read_group(
                [("agreement_id", "in", self.ids)], ["agreement_id"], ["__count"]
            )
        )
        for agreement in self:
            agreement.settlement_count = counts.get(agreement, 0)

    def _compute_open(self):
        """Ask the query that settles, as of today."""
        figures = {}
        for company, agreements in self.sudo().grouped("company_id").items():
            if company and agreements.ids:
                figures |= self.env["b2b2c.settlement"]._preview(
                    agreements.browse(agreements.ids), get_today(company)
                )
        for agreement in self:
            owes, spent, shipped = (
                shown(figures.get((agreement.id, side), (0, 0, 0))[1])
                for side in ("earned", "spent", "shipped")
            )
            agreement.open_owes = owes
            agreement.open_owed = spent + shipped
            agreement.open_balance = owes - spent - shipped

    def _get_contact(self):
        """Return who gets settlements."""
        return self.contact_id or self.partner_id

    def _get_silence_days(self):
        """Return after how many days silence agrees, 0 for never."""
        return self.silence_days or self.company_id.b2b2c_settlement_silence_days

    def action_open_settlements(self):
        """Open the settlements with this partner."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_b2b2c.b2b2c_settlement_action"
        )
        return dict(action, domain=[("agreement_id", "=", self.id)], context={})
