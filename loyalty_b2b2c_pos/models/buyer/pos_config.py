import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.loyalty_b2b2c.engine.keyboards import LAYOUTS

from .barcode_rule import MEMBER, PATTERN

_logger = logging.getLogger(__name__)


class PosConfig(models.Model):
    """Tills where people show a card, and join."""

    _inherit = "pos.config"

    b2b2c_invitation_id = fields.Many2one(
        "b2b2c.invitation",
        string="Join at the Till",
        ondelete="set null",
        groups="loyalty_b2b2c.group_user",
        domain="[('role', 'in', b2b2c_buyer_roles)]",
        help="Who has no card joins with this invitation: the till and its receipts "
        "show its QR code.",
    )
    b2b2c_buyer_roles = fields.Json(
        compute="_compute_b2b2c_buyer_roles", groups="loyalty_b2b2c.group_user"
    )

    def _compute_b2b2c_buyer_roles(self):
        roles = self.env["b2b2c.role"]._get_role_codes("buys_anywhere")
        self.b2b2c_buyer_roles = roles

    @api.constrains("b2b2c_invitation_id")
    def _check_b2b2c_invitation(self):
        for config in self.sudo():
            invitation = config.b2b2c_invitation_id
            if invitation and not invitation._buys_anywhere():
                raise ValidationError(
                    self.env._("Choose an invitation of end customers.")
                )

    @api.model
    def _load_pos_data_read(self, records, config):
        """Tell the till how cards read and where people join; no start fails by it."""
        rows = super()._load_pos_data_read(records, config)
        if rows:
            try:
                with self.env.cr.savepoint():
                    rows[0]["_b2b2c_buyer"] = config.sudo()._b2b2c_describe_cards()
            except Exception:
                _logger.exception("A till starts without cards.")
        return rows

    def _b2b2c_describe_cards(self):
        """Return what a till knows about cards, with or without network."""
        invitation = self.b2b2c_invitation_id
        is_open = invitation and invitation._get_state() == "active"
        return {
            "type": MEMBER,
            "pattern": PATTERN,
            "layouts": list(LAYOUTS.values()),
            "join_link": invitation.link if is_open else "",
        }
