from odoo import api, fields, models

from ...const import SELLERS_AND_STAFF
from .contact_moves import check, get_belongings, get_moves, get_warning, report


class ResPartner(models.Model):
    """A dealer's contact tells salespeople where the dealer stands, and does not leave
    unnoticed."""

    _inherit = "res.partner"

    b2b2c_dealer_tier = fields.Char(
        string="Dealer Tier",
        compute="_compute_b2b2c_dealer",
        compute_sudo=True,
        groups=SELLERS_AND_STAFF,
    )
    b2b2c_dealer_info = fields.Html(
        string="Dealer Standing",
        compute="_compute_b2b2c_dealer",
        compute_sudo=True,
        sanitize=False,
        groups=SELLERS_AND_STAFF,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "lang")
    def _compute_b2b2c_dealer(self):
        self.b2b2c_dealer_tier = False
        self.b2b2c_dealer_info = False
        dealers = self.env["b2b2c.ladder.standing"]._of_partners(self, self.env.company)
        if not dealers:
            return
        for partner in self:
            if standing := dealers.get(partner.commercial_partner_id.id):
                partner.b2b2c_dealer_tier = standing.tier_id.name
                partner.b2b2c_dealer_info = standing._get_info()

    def _b2b2c_before_move(self, vals):
        result = super()._b2b2c_before_move(vals)
        moves = get_moves(self.env, get_belongings(self, vals))
        check(self.env, moves)
        report(self.env, moves)
        return result

    @api.onchange("parent_id", "is_company")
    def _onchange_b2b2c_belonging(self):
        """Ask before a contact with documents moves into or out of a dealer."""
        company = self.sudo()._origin
        if not self.is_company and self.parent_id:
            company = self.sudo().parent_id._origin.commercial_partner_id
        return get_warning(self._origin, company) if self._origin else None

    def action_b2b2c_dealer(self):
        """Open the dealer, or tell its standing to who may not see dealers."""
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["b2b2c_dealer_tier"], "read")
        dealers = self.env["b2b2c.ladder.standing"]._of_partners(self, self.env.company)
        standing = dealers.get(self.commercial_partner_id.id)
        if not standing:
            return False
        if standing.sudo(False).has_access("read"):
            return {
                "type": "ir.actions.act_window",
                "res_model": standing._name,
                "res_id": standing.id,
                "views": [(False, "form")],
            }
        words = standing._get_words()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": f"{standing.partner_id.name} · {words['tier']}",
                "message": " ".join(
                    filter(
                        None, (words[key] for key in ("because", "missing", "ahead"))
                    )
                ),
                "sticky": True,
            },
        }
