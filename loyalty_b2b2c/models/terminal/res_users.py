from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    b2b2c_terminal_partner_id = fields.Many2one(
        "res.partner",
        string="Shop of this terminal user",
        domain="[('is_company', '=', True)]",
        index="btree_not_null",
        ondelete="restrict",
        help="What this user records in the terminal is reported by this partner shop. "
        "Empty: by your own company.",
    )

    def _is_terminal_only(self):
        """Tell whether the terminal is all this user does with rewards."""
        self.ensure_one()
        return self.has_group("loyalty_b2b2c.group_terminal") and not self.has_group(
            "loyalty_b2b2c.group_user"
        )
